/** `deepid register`, `identify`, `search` and `remove`: a gallery of known people. */
import { type Command, InvalidArgumentError } from "commander";
import { InputError } from "../../errors/index.ts";
import type { Fields } from "../../gallery/index.ts";
import type { Recognition, SearchResult } from "../../recognizer/index.ts";
import { formatPercent } from "../../report/index.ts";
import type { Io } from "../io.ts";
import { addEngineOptions, addExamples, existing, setAction, share, wholeNumber } from "../options.ts";
import type { OutputOptions } from "../output.ts";
import { addPhotoOptions, answered, inputsFor, type RecognizerChoice, withRecognizer } from "../photos.ts";
import { columns, count } from "../wording.ts";

interface KnownOptions extends RecognizerChoice, OutputOptions {
  readonly gallery: string;
}

const addGalleryOptions = (command: Command): Command =>
  command
    .requiredOption("--model <folder>", "the model, or a system of several", existing)
    .requiredOption("--gallery <place>", "the gallery: a file, made if it is not there");

export function addKnown(program: Command, io: Io): void {
  addRegister(program, io);
  addIdentify(program, io);
  addSearch(program, io);
  addRemove(program, io);
}

interface RegisterOptions extends KnownOptions {
  readonly person: string;
  readonly field: Fields;
  readonly thumbnail?: boolean;
}

function addRegister(program: Command, io: Io): void {
  const command = program
    .command("register")
    .summary("add faces to a person of the gallery")
    .description(
      "Adds the face of each picture to a person, who is made if new. Codes and coordinates are kept, and no picture " +
        "unless --thumbnail asks for the aligned face.",
    )
    .argument("<pictures...>", "pictures of one person")
    .requiredOption("--person <name>", "who it is")
    .option("--field <name=value>", "a free field of these faces, for filters; may be repeated", addField, {})
    .option("--thumbnail", "keep the aligned face as a picture");
  addEngineOptions(addPhotoOptions(addGalleryOptions(command)));
  addExamples(
    command,
    "deepid register ann1.jpg ann2.jpg --person Ann --gallery people.db --model models/whole-face",
    "deepid register ann3.jpg --person Ann --field year=2024 --gallery people.db --model models/whole-face",
  );
  setAction<RegisterOptions>(command, io, async (given, options, output) => {
    const { person, field, thumbnail, gallery } = options;
    const inputs = await inputsFor((given as unknown as readonly string[][])[0], options);
    await withRecognizer(
      options,
      async (recognizer) => {
        const results: object[] = [];
        let faces = 0;
        for (const input of inputs) {
          const asked = { fields: field, thumbnail, signal: io.interrupt };
          const { ok, ...result } = answered(
            await recognizer.register(input, person, asked),
            output,
            options,
          );
          faces = result.faces;
          results.push({ picture: input.name, ...result });
        }
        const added = inputs.length === 1 ? "one face" : `${count(inputs.length)} faces`;
        output.result(results, `${person}: ${added} added, ${count(faces)} now`);
      },
      gallery,
    );
  });
}

interface IdentifyOptions extends KnownOptions {
  readonly far: number;
  readonly top: number;
}

function addIdentify(program: Command, io: Io): void {
  const command = program
    .command("identify")
    .summary("who of the gallery is it, or nobody?")
    .description(
      "Compares the face with the people of the gallery. It is unknown when nobody clears the threshold that --far sets.",
    )
    .argument("<picture>", "a picture", existing)
    .option("--far <share>", "strangers taken for one person: what the threshold is set by", share, 0.001)
    .option("--top <n>", "candidates shown", wholeNumber(1), 5);
  addEngineOptions(addPhotoOptions(addGalleryOptions(command)));
  addExamples(
    command,
    "deepid identify photo.jpg --gallery people.db --model models/whole-face",
    "deepid identify photo.jpg --gallery people.db --model models/whole-face --far 0.01 --json",
  );
  setAction<IdentifyOptions>(command, io, async (paths, options, output) => {
    const { far: falseAcceptRate, top, gallery } = options;
    const [input] = await inputsFor(paths, options);
    await withRecognizer(
      options,
      async (recognizer) => {
        const asked = { falseAcceptRate, top, signal: io.interrupt };
        const { ok, ...result } = answered(await recognizer.identify(input, asked), output, options);
        output.result(result, describeIdentity(result));
      },
      gallery,
    );
  });
}

function describeIdentity({ person, threshold, candidates, people, strangersAccepted }: Recognition): string {
  const accepted =
    strangersAccepted === null
      ? ""
      : `, ${formatPercent(strangersAccepted)} of strangers would be taken for somebody`;
  return [
    person ? `it is ${person.name}` : "unknown: nobody clears the threshold",
    columns(
      candidates.map(({ person: { name }, logLikelihoodRatio, probability, hammingDistance }) => [
        name,
        `${logLikelihoodRatio.toFixed(2)}, probability ${formatPercent(probability)}, Hamming distance ${hammingDistance}`,
      ]),
    ),
    `threshold ${threshold.value.toFixed(2)}, ${count(people)} people${accepted}`,
  ].join("\n");
}

interface SearchOptions extends KnownOptions {
  readonly top: number;
}

function addSearch(program: Command, io: Io): void {
  const command = program
    .command("search")
    .summary("the gallery's faces that are most like it")
    .description(
      "Lists the faces of the gallery most like the one given: the nearest codes by Hamming distance, ordered by " +
        "likelihood ratio. It says nothing about whether one of them is that person; `deepid identify` does.",
    )
    .argument("<picture>", "a picture", existing)
    .option("--top <n>", "faces shown", wholeNumber(1), 10);
  addEngineOptions(addPhotoOptions(addGalleryOptions(command)));
  addExamples(command, "deepid search photo.jpg --gallery people.db --model models/whole-face --top 3");
  setAction<SearchOptions>(command, io, async (paths, options, output) => {
    const [input] = await inputsFor(paths, options);
    await withRecognizer(
      options,
      async (recognizer) => {
        const asked = { top: options.top, signal: io.interrupt };
        const { ok, ...result } = answered(await recognizer.search(input, asked), output, options);
        output.result(result, describeHits(result));
      },
      options.gallery,
    );
  });
}

const describeHits = ({ hits, faces }: SearchResult): string =>
  [
    columns(
      hits.map(({ person, faceId, hammingDistance, logLikelihoodRatio }) => [
        `${person.name} (face ${faceId})`,
        `Hamming distance ${hammingDistance}${logLikelihoodRatio === null ? "" : `, likelihood ratio ${logLikelihoodRatio.toFixed(2)}`}`,
      ]),
    ),
    `of ${count(faces)} faces`,
  ].join("\n");

interface RemoveOptions extends KnownOptions {
  readonly person?: string;
  readonly faceId?: number;
}

function addRemove(program: Command, io: Io): void {
  const command = program
    .command("remove")
    .summary("erase a person, or one face, from the gallery")
    .description(
      "Erases a person with all faces, or one face, and prints a receipt: what is gone, and how that was checked.",
    )
    .option("--person <name>", "the person")
    .option("--face-id <n>", "one face, by its number", wholeNumber(0));
  addEngineOptions(addGalleryOptions(command));
  addExamples(command, "deepid remove --person Ann --gallery people.db --model models/whole-face --json");
  setAction<RemoveOptions>(command, io, async (_, options, output) => {
    const { person, faceId, gallery } = options;
    if ((person === undefined) === (faceId === undefined)) {
      throw new InputError("remove: give either --person or --face-id");
    }
    await withRecognizer(
      options,
      async (recognizer) => {
        const receipt = await recognizer.remove(person !== undefined ? { person } : { face: faceId! });
        const { faces, codes, vectors, thumbnails, checks, pending } = receipt;
        output.result(
          receipt,
          [
            `${receipt.person}: ${count(faces.length)} faces erased (${count(codes)} codes, ${count(vectors)} vectors, ` +
              `${count(thumbnails)} pictures)`,
            ...checks.map((check) => `checked: ${check}`),
            ...pending.map((what) => `pending: ${what}`),
          ].join("\n"),
        );
      },
      gallery,
    );
  });
}

/** "year=2024" beside what was given before; numbers and true/false are what they look like. */
function addField(text: string, before: Fields): Fields {
  const at = text.indexOf("=");
  if (at < 1) throw new InvalidArgumentError("name=value is needed.");
  const [name, value] = [text.slice(0, at), text.slice(at + 1)];
  const number = value.trim() !== "" && Number.isFinite(Number(value)) ? Number(value) : undefined;
  return { ...before, [name]: number ?? (/^(true|false)$/.test(value) ? value === "true" : value) };
}
