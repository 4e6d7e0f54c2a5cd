import { defineBoard } from '../../src/console/board.js';

export default defineBoard({
  id: 'rak-rak3172',
  maker: 'RAKwireless',
  name: 'RAK3172',
  chip: 'STM32WLE5',
  flashKb: 256,
  usb: [{ bridge: 'wch-ch340' }],
  console: 'rak-rui3',
  bootloaders: ['rak-ymodem', 'stm32-an3155'],
  says: ['rak3172'],
  notes:
    'AT console on UART2. The evaluation boards have a CH340; the bare module comes on any adapter. Its own bootloader is entered by AT+BOOT, that of the chip by BOOT0 high and a reset.',
  source: 'RAKWireless/RAK-STM32-RUI @e5a28be boards.txt and cores/STM32WLE; stm32loader @b736df5 devices.py (AN2606)',
});
