package io.pgq4j;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * That a consumer is one of several that share batches; see {@link ConsumerConfig.Builder#member}.
 *
 * @param name null: one that the runner makes up
 */
public record Membership(@Nullable String name, Duration deadAfter) {
  public Membership {
    if (name != null) {
      Names.check("member", name);
    }
    ConsumerConfig.checkPositive("deadAfter", deadAfter);
  }
}
