import { defineWords, number, text, type Fact, type Facts } from './words.js';

const without = (prefix: RegExp) => (value: unknown) => String(value).replace(prefix, '');
const alarm = (value: unknown): Fact =>
  /^(true|threshold_alarm)$/.test(String(value))
    ? 'alarm'
    : /^(false|threshold_alarm_release)$/.test(String(value))
      ? 'released'
      : String(value);
const able = (value: unknown): Fact => String(value).replace(/^(en|dis)able$/, '$1abled');
const yes = (value: unknown): Fact => /^(yes|on|reset|1|true)$/.test(String(value));

/** Requests have no field in a command of ours; their type says it all. */
const requests: Readonly<Record<string, string>> = {
  reboot: 'reboot',
  requestStatus: 'query',
  requestTimeSync: 'timeSync',
};

const collect = (fields: object, into: Facts, parent = ''): Facts => {
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'object' && value !== null) collect(value, into, name);
    // A later value of the same kind takes the place of the earlier one, as in the decoders of the vendor.
    else into[name === 'alarm' ? `${parent}Alarm` : name] = [String(value).startsWith('unknown-') ? 'unknown' : value];
  }
  return into;
};

export default defineWords({
  vendor: 'Milesight',
  models: ['milesight-em400-mud', 'milesight-em400-udl', 'milesight-em310-udl'],
  modelOf: ({ model }) => `milesight-${model.toLowerCase()}`,
  ignored: [],
  words: [
    [/^battery(_?level)?$/i, 'batteryPercent', number],
    [/^temperature$/, 'temperatureC', number],
    [/^distance$/, 'distanceMm', number],
    [/^(position|tilt)$/, 'position', text],
    [/^temperature_(alarm|abnormal)$/, 'temperatureAlarm', alarm],
    [/^distance_alarm(ing)?$/, 'distanceAlarm', alarm],
    [/^ipso_version$/, 'protocol', without(/^v/)],
    [/^hardware_version$/, 'hardware', without(/^v/)],
    [/^firmware_version$/, 'firmware', without(/^v/)],
    [/^tsl_version$/, 'thingModel', without(/^v/)],
    [/^sn$/, 'serial', text],
    [/^lorawan_class$/, 'loraClass', (v) => String(v).replace('Class ', '').replace('CtoB', 'C-to-B')],
    [/^reset_event$/, 'reset', yes],
    [/^device_status$/, 'powerOn', yes],
    [/^reboot$/, 'reboot', yes],
    [/^query_device_status$/, 'query', yes],
    [/^sync_time$/, 'timeSync', yes],
    [/^collection_interval$/, 'collectionIntervalS', number],
    [/^report_interval$/, 'reportIntervalS', number],
    [/^install_height$/, 'installHeightMm', number],
    [/^people_existing_height$/, 'existingHeightMm', number],
    [/^install_height_enable$/, 'installHeightUse', able],
    [/^tilt_linkage_distance_enable$/, 'tiltLink', able],
    [/^tof_detection_enable$/, 'tofDetection', able],
    [/^working_mode$/, 'workingMode', text],
    [/recollection_config\.counts$/, 'counts', number],
    [/recollection_config\.interval$/, 'intervalS', number],
    [/alarm_config\.condition$/, 'condition', able],
    [/alarm_config\.alarm_release_enable$/, 'releaseReport', (v) => v === 'enable'],
    [/alarm_config\.threshold_min$/, 'minMm', number],
    [/alarm_config\.threshold_max$/, 'maxMm', number],
    [/alarm_config\.lock_time$/, 'lockTimeS', number],
    [/alarm_config\.continue_time$/, 'continueTimeS', number],
  ],
  facts({ type, ...fields }) {
    const request = requests[type];
    return collect(fields, request === undefined ? {} : { [request]: [true] });
  },
});
