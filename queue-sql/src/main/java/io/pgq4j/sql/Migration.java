package io.pgq4j.sql;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * One script of the installation.
 *
 * @param version its number, or 0 for the one that is applied again whenever it has changed
 * @param description its name in words, without version and suffix
 * @param script its file name as the history records it
 */
record Migration(int version, String description, String script, String sql) {

  boolean isRepeatable() {
    return version == 0;
  }

  /** Flyway's checksum, which leaves out the line ends so that they may differ. */
  int checksum() {
    CRC32 crc = new CRC32();
    sql.lines().forEach(line -> crc.update(line.getBytes(StandardCharsets.UTF_8)));
    return (int) crc.getValue();
  }
}
