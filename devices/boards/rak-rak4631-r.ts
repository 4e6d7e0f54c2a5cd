import { defineBoard } from '../../src/console/board.js';

export default defineBoard({
  id: 'rak-rak4631-r',
  maker: 'RAKwireless',
  name: 'RAK4631-R',
  chip: 'nRF52840',
  usb: [
    {
      vid: '1915',
      pid: '521F',
      product: 'Rak4631 Serial COM',
      manufacturer: 'Nordic Semiconductor',
      state: 'application',
      specific: true,
    },
    {
      vid: '1915',
      pid: '521F',
      product: 'Open DFU Bootloader',
      manufacturer: 'Nordic Semiconductor',
      state: 'bootloader',
      specific: true,
    },
  ],
  console: 'rak-rui3',
  bootloaders: ['nordic-secure-dfu'],
  says: ['rak4630', 'rak4631'],
  notes:
    'Firmware and bootloader show one id: the product string tells them apart, or at+bootstatus, which the bootloader answers with Boot Mode. Any speed will do.',
  source: 'RAKWireless/RAK-nRF52-RUI @8fdc0f0 sdk_config.h and prebuilt bootloader; lsusb output in the RAK forum',
});
