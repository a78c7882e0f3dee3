import { confirmed } from "../page/dialog.js";
import { t } from "../text/text.js";

/** Asks whether a file that is too large to stay among a few may be seen by all. @returns {Promise<boolean>} */
export const askToPublish = () => confirmed(t("publish.ask"), t("publish.what"), t("publish.yes"));
