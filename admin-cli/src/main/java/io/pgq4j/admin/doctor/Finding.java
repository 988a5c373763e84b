package io.pgq4j.admin.doctor;

/**
 * Something that is wrong.
 *
 * @param severity how much it matters
 * @param check which check found it; the same word in all versions
 * @param object what it is about: a queue, queue/consumer, a table, a process …
 * @param what what was seen
 * @param why what follows from it, and what to think of before curing it
 * @param cure a command for the shell; names in it are quoted
 */
public record Finding(
    Severity severity, String check, String object, String what, String why, String cure) {}
