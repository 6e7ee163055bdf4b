/** The package ships the schemas without types of their own; schemas.ts gives them one. */
declare module 'discord-api-spec/zod'
