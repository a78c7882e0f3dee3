/**
 * Which language the pages speak: the one that was chosen here, else the first that the browser asks for and we have.
 *
 * @typedef {"en" | "de"} Language
 */

const KEY = "parlor.language";

/** Their own names for themselves. @type {Record<Language, string>} */
export const LANGUAGES = { en: "English", de: "Deutsch" };

/**
 * @param {string | null} chosen
 * @param {readonly string[]} wanted  as a browser lists them: `de-AT`, `en`
 * @returns {Language}
 */
export function languageOf(chosen, wanted) {
  const known = [chosen ?? "", ...wanted].map((tag) => tag.toLowerCase().split("-")[0]);
  return /** @type {Language} */ (known.find((tag) => Object.hasOwn(LANGUAGES, tag)) ?? "en");
}

/**
 * How numbers and times are written: as where the visitor is, if that is a place of this language.
 * @param {Language} language
 * @param {readonly string[]} wanted
 */
export const localeOf = (language, wanted) => wanted.find((tag) => tag.toLowerCase().split("-")[0] === language) ?? language;

export function chosenLanguage() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

/** The page is read anew in it. @param {string} language */
export function chooseLanguage(language) {
  try {
    localStorage.setItem(KEY, language);
  } catch {}
  location.reload();
}
