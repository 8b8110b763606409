import type { Config } from "../../config.ts";
import { isOutside, providerOf } from "../../shared/model-providers.ts";

export const flightsCircuit = ({ FLIGHTS_PROVIDER }: Config): string => `${FLIGHTS_PROVIDER}_api`;

/** The circuits of this deployment's models and of its provider of flights. */
export const circuitNames = (config: Config): string[] => [
  ...config.MODEL.filter(isOutside),
  ...(config.FLIGHTS_PROVIDER === "demo" ? [] : [flightsCircuit(config)]),
];

/** Whether the name is of a circuit, or of the circuits of a provider. An assistant may name any model of a provider. */
export const isCircuitName = (config: Config, name: string): boolean =>
  circuitNames(config).includes(name) || (providerOf(name) !== null && isOutside(name));
