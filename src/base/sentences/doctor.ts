/** What a doctor of serial ports finds: what is well, and what is not with its remedy. */
export const doctor = {
  'doctor-not-here': { text: '{check} was not looked at: {why}' },
  'doctor-driver-loads': { text: 'the part of this program that opens serial ports loads' },
  'doctor-driver-fails': {
    text: 'the part of this program that opens serial ports does not load: {why}',
    hint: 'Install Stellwerk anew on this machine: a copy from another system or another kind of processor brings the wrong part.',
  },
  'doctor-ports-seen': { text: 'serial ports that are there: {ports}' },
  'doctor-no-ports': {
    text: 'no serial port is there; looked at {places}',
    hint: 'Plug a board in, with a cable that carries data: many only charge. In a container or in WSL the port must be handed in: --device /dev/ttyUSB0 for docker, usbipd attach for WSL.',
  },
  'doctor-new-port': { text: '{port} came while we waited: {board}' },
  'doctor-no-new-device': {
    text: 'no new USB device within {seconds} s',
    hint: 'Try another cable: many only charge. Then another USB socket, without a hub.',
  },
  'doctor-port-missing': {
    text: 'there is no port {port}',
    hint: 'Those that are there: {ports}. Boards with USB of their own come back under another name; the one in /dev/serial/by-id stays.',
  },
  'doctor-usb-without-port': {
    text: 'the USB device {usb} ({device}) is there, and has no serial port',
    hint: 'Its driver is missing, or another program took it away: install the driver of its maker on Windows; on Linux look at brltty and at the end of sudo dmesg.',
  },
  'doctor-usb-flash-only': {
    text: 'the USB device {usb} ({device}) is there; in this state it has no serial port and waits to be written',
    hint: 'Take the power away and plug it in again for its firmware, or write it with the tool of its maker.',
  },
  'doctor-is-serial': { text: '{port} is a serial port: {board}' },
  'doctor-not-serial': { text: '{port} is {what} and no serial port', hint: 'stellwerk ports shows those that are.' },
  'doctor-no-hardware': {
    text: '{port} has no hardware behind it',
    hint: 'stellwerk ports shows those that have some.',
  },
  'doctor-may-open': { text: '{port} may be opened by you' },
  'doctor-not-in-group': {
    text: '{port} belongs to the group {group}, and {user} is not in it',
    hint: 'Join the group with the command, then log out and in. Or run stellwerk doctor --fix: its udev rule is for who sits at this machine, without the group.',
  },
  'doctor-old-login': {
    text: '{user} is in the group {group}, but this login began before that',
    hint: 'Log out and in, or restart; for this terminal alone newgrp {group} is enough.',
  },
  'doctor-no-right': {
    text: '{port} may not be read and written by its group {group} (mode {mode})',
    hint: 'Plug it in anew; if it stays like this, run stellwerk doctor --fix.',
  },
  'doctor-in-a-group': { text: '{user} is in the group {group}, which may open serial ports' },
  'doctor-in-no-group': {
    text: '{user} is not in the group {group}, which may open serial ports',
    hint: 'Join it with the command, then log out and in; or run stellwerk doctor --fix.',
  },
  'doctor-rule-there': { text: 'the udev rule {file} is as it should be' },
  'doctor-rule-missing': {
    text: 'there is no udev rule {file}',
    hint: 'With --fix it is written: who sits at this machine may open boards, and ModemManager leaves them alone.',
  },
  'doctor-rule-old': {
    text: 'the udev rule {file} is not the one of this version',
    hint: 'With --fix it is written anew.',
  },
  'doctor-rule-written': {
    text: 'the udev rule {file} is written',
    hint: 'Run the command, then plug the board in anew.',
  },
  'doctor-rule-needs-root': {
    text: 'the udev rule {file} can only be written by root',
    hint: 'Run the command.',
  },
  'doctor-rule-failed': { text: 'the udev rule {file} cannot be written: {why}' },
  'doctor-no-modem-manager': { text: 'ModemManager does not run' },
  'doctor-modem-manager-off': { text: 'ModemManager runs, and the udev rule keeps it from boards' },
  'doctor-modem-manager': {
    text: 'ModemManager runs: it may send AT commands to a board for half a minute after it was plugged in',
    hint: 'stellwerk doctor --fix keeps it from boards; the command ends it until the next start.',
  },
  'doctor-no-brltty': { text: 'brltty, which takes USB adapters for Braille displays, is not in the way' },
  'doctor-brltty': {
    text: 'brltty is installed and takes {chips} for Braille displays: their ports go away at once',
    hint: 'If nobody here needs a Braille display, remove it with the command and plug the board in anew; else take these ids out of {file}.',
  },
  'doctor-free': { text: 'nobody that can be seen has {port} open' },
  'doctor-busy': {
    text: '{port} is open in {name} (process {pid})',
    hint: 'Close it there, or end it with the command.',
  },
  'doctor-concentrator': {
    text: '{port} ({usb}) may be a LoRa concentrator: it was not opened, and boards are not asked for on it',
    hint: 'If you know better, name its console: stellwerk board identify {port} --console NAME.',
  },
  'doctor-text': { text: '{port} sends text at {baud} baud' },
  'doctor-other-speed': {
    text: '{port} sends noise at {tried} baud and text at {baud}',
    hint: 'Use --baud {baud}.',
  },
  'doctor-boot-log': {
    text: '{port} sends text at 74880 baud, the speed of the boot log of an ESP chip',
    hint: 'Read the log with --baud 74880; its firmware mostly talks at 115200 afterwards.',
  },
  'doctor-silent': { text: '{port} is silent: nothing to judge within {seconds} s' },
  'doctor-too-little': { text: '{port} sent {bytes} bytes in {seconds} s: too little to judge' },
  'doctor-noise': {
    text: '{port} sends bytes that are no text at any speed from {lowest} to {highest} baud',
    hint: 'Is it a binary protocol, another speed, a parity, or a loose ground wire?',
  },
  'doctor-com-name': {
    text: '{port} is no name of a Windows port',
    hint: 'They are called COM1, COM2 and so on: stellwerk ports shows them.',
  },
  'doctor-tty-name': {
    text: '{port} waits for a carrier signal that boards do not give',
    hint: 'Take {better} in its place.',
  },
  'doctor-names-fine': { text: 'the names of ports are those of this system' },
  'doctor-problems-left': { text: 'problems that are left: {count}' },
} as const;
