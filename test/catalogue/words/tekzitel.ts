import { defineWords, number, plainFacts, taken, type Fact } from './words.js';

/** The vendor's codec prints the threshold of the Bluetooth scan without its sign. */
const signed = (value: unknown): Fact => (Number(value) << 24) >> 24;

export default defineWords({
  vendor: 'TEKZITEL',
  models: ['tekzitel-tekzipark'],
  modelOf: () => 'tekzitel-tekzipark',
  ignored: [],
  words: [
    [/^occupied$/, 'occupied', taken],
    [/^keepAlive$/, 'keepAlive', taken],
    [/^reset$/, 'reset', taken],
    [/^No_Beacon$/, 'noBeacon', taken],
    [/^Radar$/, 'radar', taken],
    [/^Good_Battery$/, 'goodBattery', taken],
    // A flag in a status, byte 10 in a debug message.
    [/^Obstruction$/, 'obstruction', number],
    [/^Temperature$/, 'temperatureC', number],
    [/^Parking_ID$/, 'parkingId', number],
    [/^Beacon_RSSI$/, 'beaconRssiDbm', number],
    [/(^|\.)Beacons$/, 'beacons', number],
    [/^Deflection_([XYZ])$/, 'deflection$1', number],
    [/^Baseline_([XYZ])$/, 'baseline$1', number],
    [/^Fault_Code$/, 'faultCode', number],
    [/^D_Reflection$/, 'reflection', number],
    [/^suppress_baseline_offset$/, 'suppressBaselineOffset', taken],
    [/^radar_start_range$/, 'radarStartRange', number],
    [/^fluctuations_count$/, 'fluctuationsCount', number],
    [/^downlink_frequency$/, 'downlinkFrequency', number],
    [/^axis_deflection$/, 'axisDeflection', number],
    [/^debug_mode$/, 'debugMode', taken],
    [/^deflection_threshold_mag$/, 'deflectionThreshold', number],
    [/^zero_neg_drop$/, 'zeroNegDrop', taken],
    [/^oversampling$/, 'oversampling', number],
    [/^hw_acc_samples_no$/, 'hwAccSamples', number],
    [/^fluctuation_threshold_(XY|Z)$/, 'fluctuationThreshold$1', number],
    [/^sleep_time$/, 'sleepTime', number],
    [/^reset_control$/, 'resetControl', taken],
    [/^mag_reboot$/, 'magReboot', taken],
    [/^fluctuation_delay_time$/, 'fluctuationDelay', number],
    [/^axis_fluctuations$/, 'axisFluctuations', number],
    [/^self_heal$/, 'selfHeal', taken],
    [/^keepalive_period$/, 'keepAlivePeriod', number],
    [/^radar_scan_count$/, 'radarScanCount', number],
    [/^obstruction_check$/, 'obstructionCheck', taken],
    [/^reflection_threshold_radar$/, 'reflectionThreshold', number],
    [/^OI$/, 'oi', taken],
    [/^send_rssi$/, 'sendRssi', taken],
    [/^beacons_scan_no$/, 'beaconScans', number],
    [/^ble_scan_window$/, 'bleScanWindow', number],
    [/^ble_scan_rssi$/, 'bleScanRssiDbm', signed],
  ],
  facts(message) {
    const facts = plainFacts(message);
    const { beacons, obstruction, obstructionLevel } = message;
    if (obstruction !== undefined) facts['obstruction'] = [Number(obstructionLevel ?? obstruction)];
    if (beacons) facts['beacons'] = (beacons as readonly { readonly id: number }[]).map(({ id }) => id);
    return facts;
  },
});
