/** A chip's ROM, as it starts. `usb` resets come through the chip's own USB port. */
export interface Rom {
  text(cause: 'power' | 'usb', into: 'flash' | 'download'): string;
}

const lines = (...all: readonly string[]): string => `${all.join('\r\n')}\r\n`;

/** The addresses are those of one build of a sketch; every build has its own. */
const s3: Rom = {
  text: (cause, into) =>
    lines(
      'ESP-ROM:esp32s3-20210327',
      'Build:Mar 27 2021',
      `${cause === 'usb' ? 'rst:0x15 (USB_UART_CHIP_RESET)' : 'rst:0x1 (POWERON)'},${
        into === 'flash' ? 'boot:0x8 (SPI_FAST_FLASH_BOOT)' : 'boot:0x0 (DOWNLOAD(USB/UART0))'
      }`,
      ...(cause === 'usb' ? ['Saved PC:0x40041a76'] : []),
      ...(into === 'flash'
        ? [
            'SPIWP:0xee',
            'mode:DIO, clock div:1',
            'load:0x3fce3808,len:0x43c',
            'load:0x403c9700,len:0xbec',
            'load:0x403cc700,len:0x2a3c',
            'entry 0x403c98d8',
          ]
        : ['waiting for download']),
    ),
};

const esp32: Rom = {
  text: (_cause, into) =>
    lines(
      'ets Jun  8 2016 00:22:57',
      '',
      `rst:0x1 (POWERON_RESET),${
        into === 'flash' ? 'boot:0x17 (SPI_FAST_FLASH_BOOT)' : 'boot:0x3 (DOWNLOAD_BOOT(UART0/UART1/SDIO_REI_REO_V2))'
      }`,
      ...(into === 'flash'
        ? [
            'configsip: 0, SPIWP:0xee',
            'clk_drv:0x00,q_drv:0x00,d_drv:0x00,cs0_drv:0x00,hd_drv:0x00,wp_drv:0x00',
            'mode:DIO, clock div:1',
            'load:0x3fff0018,len:4',
            'load:0x3fff001c,len:1100',
            'load:0x40078000,len:9232',
            'load:0x40080400,len:6412',
            'entry 0x400806a8',
          ]
        : ['waiting for download']),
    ),
};

/** How a host's DTR and RTS reach a chip. */
export interface Wiring {
  readonly rom: Rom;
  /** Two transistors behind a bridge chip, or the chip's own USB port. */
  readonly circuit: 'transistors' | 'usb';
}

/** By board: V2 has the first chip, and V4 and the tracker have no bridge. */
export const wirings: Readonly<Record<string, Wiring>> = {
  'heltec-wifi-lora-32-v3': { rom: s3, circuit: 'transistors' },
  'heltec-wifi-lora-32-v2': { rom: esp32, circuit: 'transistors' },
  'heltec-wifi-lora-32-v4': { rom: s3, circuit: 'usb' },
  'heltec-wifi-lora-32-v4-r8': { rom: s3, circuit: 'usb' },
  'heltec-wireless-tracker': { rom: s3, circuit: 'usb' },
  'heltec-wireless-stick-v3': { rom: s3, circuit: 'transistors' },
};
