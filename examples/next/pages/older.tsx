import { Orders } from "../orders";

/** A page of the pages router. */
export default function Older() {
  return <Orders />;
}
