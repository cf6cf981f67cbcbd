/** An element of an XML document that has attributes and elements, and no text. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
}

/** An element. */
export function xml(
  name: string,
  attributes: XmlElement['attributes'] = {},
  children: readonly XmlElement[] = [],
): XmlElement {
  return { name, attributes, children };
}

/** An element as text, indented, with a line feed at its end. Attributes keep their order. */
export function xmlText(element: XmlElement, indent = ''): string {
  const { name, attributes, children } = element;
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(value)}"`);
  const start = `${indent}<${name}${written.join('')}`;
  if (children.length === 0) return `${start}/>\n`;
  const inner = children.map((child) => xmlText(child, `${indent}  `)).join('');
  return `${start}>\n${inner}${indent}</${name}>\n`;
}

/** A reader turns white space within an attribute into blanks unless it is written as a character's number (XML 1.0, 3.3.3). */
function escaped(value: string): string {
  return value.replace(/[&<>"\t\r\n]/g, (character) => `&#${String(character.charCodeAt(0))};`);
}
