import { load, JacobianError, type Engine, type Jacobian, type Step } from "jacobian-explicit";
import { JacobianExplorer } from "jacobian-explicit/explorer";

const engine: Engine = await load();
const J: Jacobian = engine.jacobian("linear:3x2", "W", {
  values: {
    z: [1, 2, 3],
    W: [
      [1, 2],
      [3, 4],
      [5, 6],
    ],
  },
  batch: 1,
});
const first: number = J.data[0] + J.at(0, 1);
const steps: Step[] = engine.derive(["softmax:3"], "z", { lang: "fr" });
const agrees: boolean = engine.check(J, "linear:3x2", "W").agrees && engine.check(null, "tanh:2").agrees;
const text: string = engine.show({ define: "y = z*W", size: { z: "1x3", W: "3x2" } }, "W", { format: "svg" });
const element: JacobianExplorer = document.createElement("jacobian-explorer");
element.link = "spec=softmax:3";
void [first, steps, agrees, text, JacobianError];
