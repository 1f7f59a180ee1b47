/** Two photos compared in the page: model and detector come from this page's own server, and no photo goes anywhere. */
import { openBrowserRecognizer, type PageFaces, toImageData } from "deepid2plus/browser";

const inputs = [...document.querySelectorAll("input")];
const output = document.querySelector("output")!;
const shown = document.querySelector("#faces")!;

const faces = await openBrowserRecognizer({
  model: "/models/whole-face-taught/",
  detector: "/models/detector/",
  onProgress: (bytes) => {
    output.value = `Loading the model… ${(bytes / 1e6).toFixed(1)} MB`;
  },
}).catch((error: Error) => {
  output.value = error.message;
  throw error;
});
Object.assign(globalThis, { faces }); // to try more in the browser's console
output.value = "Ready.";
for (const input of inputs) input.addEventListener("change", compare);

async function compare(): Promise<void> {
  const [first, second] = inputs.map((input) => input.files?.[0]);
  if (!(first && second)) return;
  output.value = "Comparing…";
  try {
    const [a, b] = [first, second].map((photo) => ({ photo, name: photo.name, face: "largest" as const }));
    const answer = await faces.verify(a, b);
    output.value = answer.ok ? describe(answer) : answer.message;
    shown.replaceChildren(...(await Promise.all([a, b].map((face) => faces.locate(face)))).flatMap(drawn));
  } catch (error) {
    output.value = (error as Error).message;
  }
}

const describe = ({ explanation, score }: { explanation: string; score: number }): string =>
  `${explanation} (score ${score.toFixed(1)})`;

/** The aligned faces of a photo, each on a canvas. */
const drawn = ({ faces: found }: PageFaces): HTMLCanvasElement[] =>
  found.map(({ image }) => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [image.width, image.height];
    canvas.getContext("2d")!.putImageData(toImageData(image), 0, 0);
    return canvas;
  });
