/** Attributes of people and pictures, read off their parameters; names are those of LFW's attribute file where it has them. */
import type { Person } from "./person.ts";
import type { Shot } from "./shot.ts";

/** True where the attribute is clearly present. */
export type Attributes = Readonly<Record<string, boolean>>;

/** What holds for every picture of `person`. "Female", "Red Hair", "Dark Skin", "Freckles" and "Long Hair" are not LFW's. */
export function personAttributes(person: Person): Attributes {
  return { ...ageAndSkin(person), ...hairAttributes(person), ...featureAttributes(person) };
}

/** What holds for the picture of `person` in the circumstances of `shot`, the lasting attributes included. */
export function pictureAttributes(person: Person, shot: Shot): Attributes {
  const { smile, open, eyesOpen } = shot.expression;
  return {
    ...personAttributes(person),
    Eyeglasses: shot.eyewear === "glasses",
    Sunglasses: shot.eyewear === "sunglasses",
    "No Eyewear": shot.eyewear === "none",
    Smiling: smile > 0.3,
    Frowning: smile < -0.15,
    "Mouth Closed": open < 0.04,
    "Mouth Slightly Open": open >= 0.04 && open < 0.4,
    "Mouth Wide Open": open >= 0.4,
    "Eyes Open": eyesOpen > 0.5,
    "Heavy Makeup": shot.makeup > 0.5,
    "Wearing Lipstick": shot.makeup > 0.3,
    "5 o' Clock Shadow": person.whiskers.style === "stubble",
    Blurry: shot.blur > 4,
    "Harsh Lighting": shot.light.strength > 0.72,
    "Soft Lighting": shot.light.strength < 0.55,
  };
}

function ageAndSkin({ sex, age, skin, head }: Person): Attributes {
  return {
    Male: sex === "male",
    Female: sex === "female",
    Youth: age < 30,
    "Middle Aged": age >= 38 && age < 60,
    Senior: age >= 60,
    "Pale Skin": skin.melanin < 0.15,
    "Dark Skin": skin.melanin > 0.6,
    "Shiny Skin": skin.shine > 0.75,
    "Rosy Cheeks": skin.rosiness > 0.5,
    Freckles: skin.freckles > 0,
    Chubby: head.chubby > 0.55,
    "High Cheekbones": head.cheekbones > 0.75,
    "Round Jaw": head.jaw + 0.15 * head.chubby > 0.88,
  };
}

function hairAttributes({ hair, whiskers, sex }: Person): Attributes {
  const haired = hair.style !== "bald";
  const coloured = (...names: readonly string[]) => haired && names.includes(hair.name);
  return {
    Bald: !haired,
    "Black Hair": coloured("black"),
    "Brown Hair": coloured("darkBrown", "brown", "lightBrown"),
    "Blond Hair": coloured("blond"),
    "Red Hair": coloured("red"),
    "Gray Hair": coloured("gray", "white"),
    "Curly Hair": haired && hair.curl > 0.55,
    "Straight Hair": haired && hair.curl < 0.2,
    "Long Hair": hair.length > 1.2,
    Bangs: hair.fringe > 0,
    "Receding Hairline": haired && hair.receding > 0.4,
    Sideburns: sex === "male" && haired && hair.sideburns > 0.3,
    Mustache: whiskers.style === "moustache" || whiskers.style === "goatee" || whiskers.style === "beard",
    Goatee: whiskers.style === "goatee",
    "No Beard": whiskers.style === "none" || whiskers.style === "moustache",
  };
}

function featureAttributes({ brows, eyes, nose, mouth }: Person): Attributes {
  return {
    "Bushy Eyebrows": brows.thickness > 0.045,
    "Arched Eyebrows": brows.arch > 0.06,
    "Narrow Eyes": eyes.upper < 0.078,
    "Brown Eyes": eyes.iris === "brown",
    "Bags Under Eyes": eyes.bags > 0.5,
    "Big Nose": nose.width > 0.18 || nose.forward > 0.31,
    "Pointy Nose": nose.tipSize < 0.1 && nose.width < 0.15,
    "Big Lips": mouth.upper + mouth.lower > 0.135,
    "Strong Nose-Mouth Lines": mouth.folds > 0.5,
  };
}
