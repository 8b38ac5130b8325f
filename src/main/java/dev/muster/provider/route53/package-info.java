/** Route 53: names that follow the fleet, in zones that are somebody's. */
@NullMarked
package dev.muster.provider.route53;

import org.jspecify.annotations.NullMarked;
