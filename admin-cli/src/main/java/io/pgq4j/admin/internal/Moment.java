package io.pgq4j.admin.internal;

import io.pgq4j.QueueException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A moment, as it is written on the command line: a time, or so long ago (or from now on) by the
 * clock of the database.
 *
 * @param time null: it is given by its distance
 * @param distance from now; null: the time is given
 */
public record Moment(@Nullable Instant time, @Nullable Duration distance) {
  /** What the help says about it. */
  public static final String HELP = "a time (2026-01-31T10:30:00Z), or 30m: so long ";

  static @Nullable Moment parse(String text) {
    Duration distance = Ages.parse(text).orElse(null);
    if (distance != null) {
      return new Moment(null, distance);
    }
    try {
      return new Moment(OffsetDateTime.parse(text.replace(' ', 'T')).toInstant(), null);
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  /** The time, a distance counted backwards. */
  Instant ago(Connection connection) {
    return at(connection, "select clock_timestamp() - make_interval(secs => ?)");
  }

  /** The time, a distance counted forwards. */
  public Instant fromNow(Connection connection) {
    return at(connection, "select clock_timestamp() + make_interval(secs => ?)");
  }

  private Instant at(Connection connection, String sql) {
    if (time != null) {
      return time;
    }
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setDouble(1, (double) Objects.requireNonNull(distance).toSeconds());
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getObject(1, OffsetDateTime.class)
            .withOffsetSameInstant(ZoneOffset.UTC)
            .toInstant();
      }
    } catch (SQLException e) {
      throw QueueException.of(e);
    }
  }

  /** From an argument of the command line. */
  public static final class Converter implements ITypeConverter<Moment> {
    @Override
    public Moment convert(String text) {
      Moment moment = parse(text);
      if (moment == null) {
        throw new TypeConversionException(
            Printable.quoted(text)
                + " is neither a time (2026-01-31T10:30:00Z) nor a span of time (30m).");
      }
      return moment;
    }
  }
}
