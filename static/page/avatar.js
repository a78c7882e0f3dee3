import { element } from "./element.js";
import { ownFile } from "./here.js";

/**
 * A person's picture, or the first letter of their name. It is decoration: the name stands beside it.
 * @param {string} name
 * @param {string | null | undefined} photo
 */
export function avatar(name, photo) {
  const source = ownFile(photo);
  const circle = element("span", { class: "avatar", "aria-hidden": "true" });
  circle.dataset.tone = String([...name].reduce((sum, letter) => sum + (letter.codePointAt(0) ?? 0), 0) % 6);
  const letter = [...name.trim()][0]?.toUpperCase() ?? "?";
  if (!source) {
    circle.textContent = letter;
    return circle;
  }
  const image = element("img", { src: source, alt: "", loading: "lazy", width: "40", height: "40" });
  image.addEventListener("error", () => circle.replaceChildren(letter));
  circle.append(image);
  return circle;
}
