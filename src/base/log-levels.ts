import type { Log } from './log.js';

export const logLevels = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Events that are not of the level `info`: what somebody has to mend, what somebody should look at, what few want. */
const levels: Readonly<Record<string, LogLevel>> = {
  ...{ store_failed: 'error', outbox_dropped: 'error', store_damaged: 'error', store_not_tidied: 'error' },
  ...{ broker_lost: 'warn', sink_waits: 'warn', sink_lost: 'error', http_unauthorised: 'warn', http_refused: 'warn' },
  ...{ http_refuses_all: 'error', http_login_readable: 'warn', event_refused: 'warn', file_mended: 'warn' },
  ...{ file_set_aside: 'error', file_not_opened: 'warn', file_not_locked: 'warn', file_not_closed: 'warn' },
  ...{ commands_forbidden: 'warn', command_refused: 'warn', sink_forgotten: 'warn', tls_not_reloaded: 'warn' },
  ...{ key_readable_by_others: 'warn', clock_stepped: 'warn', gateway_offline: 'warn', uplink_refused: 'warn' },
  ...{ downlink_refused: 'warn', downlink_failed: 'warn', gateway_duty_cycle: 'warn', file_not_tidied: 'warn' },
  ...{ datagram_refused: 'warn', bay_named_by_device: 'warn' },
  ...{ config_secret_inline: 'warn', file_readable_by_others: 'warn' },
  ...{ uplink_accepted: 'debug', gateway_stat: 'debug' },
};

/** The level of an event. */
export const levelOf = (event: string): LogLevel => levels[event] ?? 'info';

/** A log that passes on what is at least of this level. */
export const atLevel = (least: LogLevel, log: Log): Log => {
  const most = logLevels.indexOf(least);
  return (event, fields) => {
    if (logLevels.indexOf(levelOf(event)) <= most) log(event, fields);
  };
};
