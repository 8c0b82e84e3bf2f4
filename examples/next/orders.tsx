"use client";

import { useTokenAttachment } from "bearer-worker/react";
import { useCallback, useEffect, useState } from "react";

/** The user's orders, by a plain fetch. */
export function Orders() {
  const attachment = useTokenAttachment();
  const [user, setUser] = useState<string | null>(null);
  const load = useCallback(async () => {
    const response = await fetch("/api/orders");
    const { caller } = (await response.json()) as { caller?: { user: string } };
    setUser(caller?.user ?? null);
  }, []);
  useEffect(() => void load(), [load]);
  const signIn = () => void attachment?.signIn().then(load, console.warn);
  return user ? <output>Orders of {user}</output> : <button onClick={signIn}>Sign in</button>;
}
