package io.pgq4j;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A text with fields of an event in it: {@code Dear {name}, your order {event.id} …}. See {@link
 * EventFields} for what there is; a field that is null leaves nothing. A brace that means itself is
 * doubled: <code>{{</code> and <code>}}</code>. Immutable.
 */
public final class Template {
  /** Texts and names by turns, beginning and ending with a text. */
  private final List<String> parts;

  private final String text;

  private Template(List<String> parts, String text) {
    this.parts = List.copyOf(parts);
    this.text = text;
  }

  /**
   * Reads a template.
   *
   * @throws IllegalArgumentException if a brace has no counterpart, or a name is none
   */
  public static Template parse(String text) {
    List<String> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    boolean inName = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean brace = c == '{' || c == '}';
      if (brace && !inName && i + 1 < text.length() && text.charAt(i + 1) == c) {
        part.append(c);
        i++;
      } else if (brace && (c == '}') == inName) {
        parts.add(inName ? checkName(part.toString()) : part.toString());
        part.setLength(0);
        inName = !inName;
      } else if (brace) {
        throw new IllegalArgumentException(
            "a \"" + c + "\" without its counterpart; one that means itself is doubled");
      } else {
        part.append(c);
      }
    }
    if (inName) {
      throw new IllegalArgumentException(
          "a \"{\" without its counterpart; one that means itself is doubled");
    }
    parts.add(part.toString());
    return new Template(parts, text);
  }

  private static String checkName(String name) {
    if (name.isBlank()) {
      throw new IllegalArgumentException("{} names no field");
    }
    if (!EventFields.isKnown(name)) {
      throw new IllegalArgumentException(
          "an event has no {" + name + "}; it has id, type, time, retry, data, extra1 to extra4");
    }
    return name;
  }

  /** The names in it, in order, as often as they occur. */
  public List<String> names() {
    List<String> names = new ArrayList<>();
    for (int i = 1; i < parts.size(); i += 2) {
      names.add(parts.get(i));
    }
    return names;
  }

  /** The text with something else in place of each name. */
  public String replace(UnaryOperator<String> names) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < parts.size(); i++) {
      text.append(i % 2 == 0 ? parts.get(i) : names.apply(parts.get(i)));
    }
    return text.toString();
  }

  /**
   * The text for an event.
   *
   * @throws EventDataException if the event lacks a field
   */
  public String fill(EventFields fields) {
    return fill(fields, UnaryOperator.identity());
  }

  /**
   * The text for an event, each field made harmless where it goes.
   *
   * @throws EventDataException if the event lacks a field
   */
  public String fill(EventFields fields, UnaryOperator<String> escape) {
    return replace(
        name -> {
          String value = fields.get(name);
          return value == null ? "" : escape.apply(value);
        });
  }

  /** As it was parsed. */
  @Override
  public String toString() {
    return text;
  }
}
