/**
 * What one process does where several machines share the cameras over a bus. ingest: holds some of the cameras and reads
 * them. words: answers questions about faces for the others. gateway: serves clients, page and REST for all cameras.
 */
export const CLUSTER_ROLES = ['ingest', 'words', 'gateway'] as const;
export type ClusterRole = (typeof CLUSTER_ROLES)[number];
