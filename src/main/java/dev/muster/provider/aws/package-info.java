/** What every provider of AWS shares: its clients, what their errors mean, and how often they may call. */
@NullMarked
package dev.muster.provider.aws;

import org.jspecify.annotations.NullMarked;
