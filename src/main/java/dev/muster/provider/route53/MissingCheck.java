package dev.muster.provider.route53;

/**
 * A health check that has to be made before a record can name it.
 *
 * @param zone in which that record is to stand
 * @param service whose instance it asks
 */
record MissingCheck(Zone zone, CheckedEndpoint endpoint, String service) {}
