/** What the commands and the command groups share: output, exit codes, errors. No API. */
@NullMarked
package io.pgq4j.admin.internal;

import org.jspecify.annotations.NullMarked;
