import type { HealthConfig, OrchestratorConfig, Texts } from "./types.js";

export const DEFAULT_CONFIG: Readonly<OrchestratorConfig> = Object.freeze({
  retryAttempts: 3,
  retryDelay: 1000,
  timeout: 30000,
  enableBatching: true,
  batchSize: 10,
  enableMetrics: true,
  enableLogging: true,
});

export const DEFAULT_HEALTH_CONFIG: Readonly<HealthConfig> = Object.freeze({
  checkInterval: 60000,
  timeout: 5000,
  retryAttempts: 2,
  enableAlerts: true,
});

export const DEFAULT_TEXTS: Readonly<Texts> = Object.freeze({
  welcomeTitle: "Welcome",
  welcomeMessage: "Your account is ready.",
});

type Rule = (value: unknown) => string | undefined;

const flag: Rule = (value) => (typeof value === "boolean" ? undefined : "true or false");
const whole =
  (least: number, most = Number.MAX_SAFE_INTEGER): Rule =>
  (value) =>
    Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most
      ? undefined
      : most === Number.MAX_SAFE_INTEGER
        ? `a whole number from ${least}`
        : `a whole number from ${least} to ${most}`;
/** The longest time that a timer of JavaScript can count. */
const LONGEST = 2 ** 31 - 1;
const millis =
  (positive: boolean): Rule =>
  (value) =>
    typeof value === "number" && (positive ? value > 0 : value >= 0) && value <= LONGEST
      ? undefined
      : `a number of milliseconds, ${positive ? "more than" : "at least"} 0`;

const RULES: Record<keyof OrchestratorConfig, Rule> = {
  retryAttempts: whole(0),
  retryDelay: millis(false),
  timeout: millis(true),
  enableBatching: flag,
  batchSize: whole(1, 1000),
  enableMetrics: flag,
  enableLogging: flag,
};

const HEALTH_RULES: Record<keyof HealthConfig, Rule> = {
  checkInterval: millis(true),
  timeout: millis(true),
  retryAttempts: whole(0),
  enableAlerts: flag,
};

const words: Rule = (value) => (typeof value === "string" && /\S/.test(value) ? undefined : "a text");

const TEXT_RULES: Record<keyof Texts, Rule> = { welcomeTitle: words, welcomeMessage: words };

/** The base with changes; a key that is undefined keeps its value, others are left out. */
function merged<T extends object>(base: T, changes: Partial<T>, rules: Record<keyof T, Rule>): T {
  const result = { ...base };
  for (const key of Object.keys(rules) as (keyof T)[]) {
    const value = changes[key];
    if (value !== undefined) {
      const expected = rules[key](value);
      if (expected !== undefined) {
        throw new TypeError(`${String(key)} must be ${expected}, not ${String(value)}`);
      }
      result[key] = value as T[keyof T];
    }
  }
  return result;
}

export function configOf(base: OrchestratorConfig, changes: Partial<OrchestratorConfig> = {}): OrchestratorConfig {
  return merged(base, changes, RULES);
}

export function healthConfigOf(changes: Partial<HealthConfig> = {}): HealthConfig {
  return merged({ ...DEFAULT_HEALTH_CONFIG }, changes, HEALTH_RULES);
}

export function textsOf(changes: Partial<Texts> = {}): Texts {
  return merged({ ...DEFAULT_TEXTS }, changes, TEXT_RULES);
}

/** A variable of the environment: of Vite's build, or of the process. */
export function environment(name: string): string | undefined {
  const built = (import.meta as { env?: Record<string, string | undefined> }).env;
  const process = (globalThis as { process?: { env?: Record<string, string | undefined> } }).process;
  return built?.[name] || process?.env?.[name] || undefined;
}
