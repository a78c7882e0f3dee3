/**
 * An `EventTarget` whose events are known by name.
 *
 * @template {Record<string, any>} Events  the `detail` of each
 */
export class TypedTarget extends EventTarget {
  /**
   * @template {keyof Events & string} Name
   * @param {Name} name
   * @param {((event: CustomEvent<Events[Name]>) => void) | EventListenerObject | null} listener
   * @param {boolean | AddEventListenerOptions} [options]
   */
  addEventListener(name, listener, options) {
    super.addEventListener(name, /** @type {EventListener} */ (listener), options);
  }

  /**
   * @template {keyof Events & string} Name
   * @param {Name} name
   * @param {((event: CustomEvent<Events[Name]>) => void) | EventListenerObject | null} listener
   * @param {boolean | EventListenerOptions} [options]
   */
  removeEventListener(name, listener, options) {
    super.removeEventListener(name, /** @type {EventListener} */ (listener), options);
  }
}
