// What systemd wants to hear of a service (sd_notify): that it is ready, that it lives, that it ends.
import { spawn } from 'node:child_process';

export interface Notify {
  ready(status: string): void;
  /** Says that we live, as often as systemd wants to hear it, while `lives` says so. */
  watch(lives: () => boolean): void;
  stopping(): void;
  close(): void;
}

const silentNotify: Notify = { ready() {}, watch() {}, stopping() {}, close() {} };

/**
 * Node has no datagram sockets of Unix, so systemd's own `systemd-notify` speaks for us (the unit says NotifyAccess=all).
 * Without NOTIFY_SOCKET nobody listens, and nothing is said.
 */
export const openNotify = (env: Readonly<Record<string, string | undefined>>): Notify => {
  if (env['NOTIFY_SOCKET'] === undefined) return silentNotify;
  let timer: NodeJS.Timeout | undefined;
  const tell = (...args: string[]): void => {
    // Its absence is no reason to end: systemd will.
    spawn('systemd-notify', args, { stdio: 'ignore', env: { ...process.env, ...env } }).on('error', () => undefined);
  };
  return {
    ready: (status) => tell('--ready', `--status=${status}`, `MAINPID=${process.pid}`),
    watch(lives) {
      const everyUs = Number(env['WATCHDOG_USEC']);
      if (!(everyUs > 0)) return;
      timer = setInterval(() => lives() && tell('WATCHDOG=1'), Math.max(100, everyUs / 2_000));
      timer.unref();
    },
    stopping: () => tell('--stopping'),
    close: () => clearInterval(timer),
  };
};
