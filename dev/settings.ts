/** The values of a setting: plain JSON, since the demo page changes settings over HTTP. */
type SettingValue = boolean | number | string | null | Record<string, unknown>;

/**
 * Changes the settings in `change`, in place, and keeps the others.
 *
 * @throws TypeError for an unknown setting, or for a value whose type is not the setting's
 */
export function changeSettings<Settings extends object>(settings: Settings, change: object): Settings {
  const known = settings as Record<string, SettingValue>;
  for (const [name, value] of Object.entries(change) as [string, SettingValue][]) {
    const current = known[name];
    if (current === undefined)
      throw new TypeError(
        `There is no setting "${name}". The settings are ${Object.keys(settings).join(", ")}.`,
      );
    // A setting that may be null accepts a change to and from null. Types are compared only if both values are set.
    if (current !== null && value !== null && typeof value !== typeof current) {
      throw new TypeError(`The setting "${name}" takes a ${typeof current}.`);
    }
  }
  return Object.assign(settings, change);
}
