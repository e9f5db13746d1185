/** Who may have acted: people and keys of the organisations one looks after, by name. */

import type { Option } from "./catalogue";
import { everyRow } from "./every-row";
import { t } from "./language";

interface Person {
  id: string;
  name: string;
  login: string;
  organisation_name: string | null;
}

interface Key {
  id: string;
  name: string;
  key_id: string;
}

export async function actors(signal: AbortSignal): Promise<Option[]> {
  const [people, keys] = await Promise.all([everyRow<Person>("/v1/people", signal), everyRow<Key>("/v1/keys", signal)]);
  return [
    ...people.map(({ id, name, login, organisation_name: of }) => ({ code: id, name, hint: [login, of].filter(Boolean).join(t("；")) })),
    ...keys.map(({ id, name, key_id: hint }) => ({ code: id, name: t("密钥“{name}”", { name }), hint })),
  ];
}
