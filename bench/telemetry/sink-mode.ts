/** How what stands for Loki and Tempo answers. */
export const sinkModes = ['well', 'hang', '429'] as const;
export type SinkMode = (typeof sinkModes)[number];
