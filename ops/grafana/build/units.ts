import * as units from '@grafana/grafana-foundation-sdk/units';

export const seconds = units.Seconds;
export const microseconds = units.Microseconds;
export const share = units.PercentUnit;
export const bytes = units.BytesIEC;
export const bytesPerSecond = units.BytesPerSecondIEC;
export const perSecond = 'cps';
export const count = units.Short;
export const times = 'suffix:x';
export const timestamp = 'dateTimeFromNow';
