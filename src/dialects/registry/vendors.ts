// VendorIDs of the LoRa Alliance for makers of our sensors. Source: TheThingsNetwork/lorawan-devices vendor/index.yaml.
// Which VendorProfileID is which model no maker of ours has published: that is the user's to say.
const vendors: Readonly<Record<string, string>> = {
  '0045': 'Bosch',
  '0121': 'Netvox',
  '0259': 'Milesight',
  '02a4': 'Dragino',
  '0312': 'MOKOSmart',
};

/** Who made a device, by the ProfileID of its code; undefined for a maker that is not known here. */
export const vendorOfProfile = (profileId: string): string | undefined => vendors[profileId.slice(0, 4).toLowerCase()];

/** What stands in a code when nobody said a ProfileID; The Things Stack writes the same. */
export const noProfile = '00000000';
