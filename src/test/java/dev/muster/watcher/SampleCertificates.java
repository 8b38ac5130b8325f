package dev.muster.watcher;

import dev.muster.model.KeyedCertificate;
import java.time.Instant;

/** Two certificates that sign themselves, of keys that guard nothing. */
final class SampleCertificates {

    static final Instant VALID = Instant.parse("2030-01-01T00:00:00Z");
    static final Instant EXPIRED = Instant.parse("2200-01-01T00:00:00Z");

    static final KeyedCertificate FIRST = new KeyedCertificate("""
            -----BEGIN CERTIFICATE-----
            MIIBdzCCAR2gAwIBAgIUCwec3MVrgq/gWYh+TqqAEC+avygwCgYIKoZIzj0EAwIw
            EDEOMAwGA1UEAwwFZmlyc3QwIBcNMjYxMTI3MTc0MjQ1WhgPMjEyNjExMDMxNzQy
            NDVaMBAxDjAMBgNVBAMMBWZpcnN0MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE
            B7dcmPJqAXVQoeEo1wIMmnovoWcVJVGZfY6iyjEB1sYljYkfhpzWuCWyC3t/8sI9
            3+ym2OuHuG0fiidStJ9mIaNTMFEwHQYDVR0OBBYEFHOtI+K38b2hXrPo5oMYN1Cv
            v2uFMB8GA1UdIwQYMBaAFHOtI+K38b2hXrPo5oMYN1Cvv2uFMA8GA1UdEwEB/wQF
            MAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIhAKHhUsvfZKrWd6AsbO4FNjSKthSAsnL1
            b6UH/1hBFjBMAiAUBbBx+N0znLPxRDfaGeesxZ0GH21ZYojiwjZXHFnagQ==
            -----END CERTIFICATE-----
            """, """
            -----BEGIN PRIVATE KEY-----
            MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgazGaaOB6oCrGNMY6
            Lj1CLYxvu5NodiwHSX33sthBBiOhRANCAAQHt1yY8moBdVCh4SjXAgyaei+hZxUl
            UZl9jqLKMQHWxiWNiR+GnNa4JbILe3/ywj3f7KbY64e4bR+KJ1K0n2Yh
            -----END PRIVATE KEY-----
            """);

    static final KeyedCertificate OTHER = new KeyedCertificate("""
            -----BEGIN CERTIFICATE-----
            MIIBdzCCAR2gAwIBAgIUHMZMvqnav3QAijN9L9U/Y0iVVOAwCgYIKoZIzj0EAwIw
            EDEOMAwGA1UEAwwFb3RoZXIwIBcNMjYxMTI3MTc0MjQ1WhgPMjEyNjExMDMxNzQy
            NDVaMBAxDjAMBgNVBAMMBW90aGVyMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE
            PPEHdROay9eCSuI4AlJUx3aYBZXstX/rnPf5QzTuXGRI4BRkj1VMmGhZaQEm7MOm
            mTOgUSAkxNuqqGElHqw9/qNTMFEwHQYDVR0OBBYEFCvt5IHwf5ipAAIHkAzmB1+y
            RSfnMB8GA1UdIwQYMBaAFCvt5IHwf5ipAAIHkAzmB1+yRSfnMA8GA1UdEwEB/wQF
            MAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIgdW6UzlJAwcWV8mBYefkMskV0OQUhff0G
            rqvG3Sl+McoCIQChsgfcFEqsn17zFRHN1uUZ9rnMlYokts6w6Taqlr1FEA==
            -----END CERTIFICATE-----
            """, """
            -----BEGIN PRIVATE KEY-----
            MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgeePjQAVE/ZFc83Xx
            bQgnEUP5pSbldMYC+PFH40zIsMShRANCAAQ88Qd1E5rL14JK4jgCUlTHdpgFley1
            f+uc9/lDNO5cZEjgFGSPVUyYaFlpASbsw6aZM6BRICTE26qoYSUerD3+
            -----END PRIVATE KEY-----
            """);

    private SampleCertificates() {}
}
