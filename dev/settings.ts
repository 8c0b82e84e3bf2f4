/** What a setting can hold: plain JSON, since the demo page changes settings over HTTP. */
type SettingValue = boolean | number | string | null | Record<string, unknown>;

/**
 * Changes the settings that `change` names, in place, and leaves the others.
 *
 * @throws TypeError for a name that is no setting, or a value of another type than the setting's.
 */
export function changeSettings<Settings extends object>(settings: Settings, change: object): Settings {
  const known = settings as Record<string, SettingValue>;
  for (const [name, value] of Object.entries(change) as [string, SettingValue][]) {
    const current = known[name];
    if (current === undefined) throw new TypeError(`there is no setting "${name}"`);
    // A setting that may be null takes null and back: only two values can tell a wrong type.
    if (current !== null && value !== null && typeof value !== typeof current) {
      throw new TypeError(`the setting "${name}" takes a ${typeof current}`);
    }
  }
  return Object.assign(settings, change);
}
