import { defineBoard } from '../../src/console/board.js';

export default defineBoard({
  id: 'semtech-corecell-usb',
  maker: 'Semtech',
  name: 'SX1302/SX1303 USB concentrator (CoreCell, RAK2287, RAK5146)',
  chip: 'SX1302 or SX1303 behind an STM32',
  usb: [
    { vid: '0483', pid: '5740', product: 'STM32 Virtual ComPort', state: 'application', specific: false },
    { bridge: 'st-dfu' },
  ],
  bootloaders: ['stm32-usb-dfu'],
  neverProbe: 'maybe-concentrator',
  notes: 'Speaks a binary protocol to a packet forwarder. In its bootloader it is 0483:DF11 and has no port.',
  source: 'Lora-net/sx1302_hal @4b42025; Lora-net/sx1302_spi_usb_bridge PROTOCOL.md',
});
