package io.pgq4j;

/** What a role may do with one queue; see {@link QueueAdmin#grant}. */
public enum QueueRight {
  /** Insert events. */
  PRODUCE,
  /** Register consumers, read, finish and retry. */
  CONSUME
}
