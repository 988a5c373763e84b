package io.pgq4j.examples.upstats;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What a message tells of an ad.
 *
 * @param pay what the budget is for: hourly or fixed
 */
record JobAd(
    long id,
    String title,
    String description,
    @Nullable BigDecimal budget,
    @Nullable String pay,
    @Nullable String country) {}
