export const asyncapiText = (): string => '{}';
