import { load } from "jacobian-explicit";

const engine = await load();
engine.jacobian(3, "W"); // wrong
engine.jacobian("linear:3x2", "W", { form: "row" }); // wrong
const text: string = engine.jacobian("linear:3x2", "W"); // wrong
engine.show("linear:3x2", "W", { format: "docx" }); // wrong
void text;
