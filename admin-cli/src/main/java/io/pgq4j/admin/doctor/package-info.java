/**
 * What is wrong with a database, why that matters, and the command that cures it.
 *
 * <p>{@link io.pgq4j.admin.doctor.Doctor} examines; each {@link io.pgq4j.admin.doctor.Check} is one
 * query, in a file of its own among the resources, and a few sentences for its rows.
 */
@NullMarked
package io.pgq4j.admin.doctor;

import org.jspecify.annotations.NullMarked;
