export const openapiText = (): string => '{}';
