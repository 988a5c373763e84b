/** What the shell has of pgq-admin: completion and the manual page, made from the commands. */
@NullMarked
package io.pgq4j.admin.shell;

import org.jspecify.annotations.NullMarked;
