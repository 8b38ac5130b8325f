package dev.muster.provider.route53;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import software.amazon.awssdk.services.route53.model.HealthCheckConfig;

/**
 * Route 53's messages.
 *
 * @see <a href="https://docs.aws.amazon.com/Route53/latest/APIReference/Welcome.html">API reference</a>
 */
final class FakeXml {

    static final String DOCUMENT = "https://route53.amazonaws.com/doc/2013-04-01/";

    private FakeXml() {}

    static List<FakeZone.Step> steps(byte[] request) throws Exception {
        Element root = DocumentBuilderFactory.newDefaultInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(request))
                .getDocumentElement();
        List<FakeZone.Step> steps = new ArrayList<>();
        for (Element change : all(root, "Change")) {
            Element set = all(change, "ResourceRecordSet").getFirst();
            steps.add(new FakeZone.Step(
                    text(change, "Action"),
                    new RecordSet(
                            DnsName.listed(text(set, "Name")),
                            text(set, "Type"),
                            text(set, "SetIdentifier"),
                            all(set, "AliasTarget").isEmpty() ? Long.parseLong(text(set, "TTL")) : 0,
                            all(set, "Value").stream().map(Node::getTextContent).toList(),
                            routing(set))));
        }
        return steps;
    }

    private static Routing routing(Element set) {
        String weight = text(set, "Weight");
        return new Routing(
                weight.isEmpty() ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(weight)),
                text(set, "MultiValueAnswer").equals("true"),
                all(set, "AliasTarget").stream()
                        .findFirst()
                        .map(to -> new Routing.Alias(
                                DnsName.listed(text(to, "DNSName")),
                                text(to, "HostedZoneId"),
                                Boolean.parseBoolean(text(to, "EvaluateTargetHealth")))),
                text(set, "HealthCheckId"),
                text(set, "Region"));
    }

    /** What is asked of CreateHealthCheck. */
    record NewCheck(String reference, HealthCheckConfig config) {}

    static NewCheck newCheck(byte[] request) throws Exception {
        Element root = DocumentBuilderFactory.newDefaultInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(request))
                .getDocumentElement();
        HealthCheckConfig.Builder config = HealthCheckConfig.builder();
        var given = all(root, "HealthCheckConfig").getFirst().getChildNodes();
        for (int i = 0; i < given.getLength(); i++) {
            String text = given.item(i).getTextContent();
            switch (given.item(i).getNodeName()) {
                case "Type" -> config.type(text);
                case "IPAddress" -> config.ipAddress(text);
                case "Port" -> config.port(Integer.parseInt(text));
                case "ResourcePath" -> config.resourcePath(text);
                case "FullyQualifiedDomainName" -> config.fullyQualifiedDomainName(text);
                case "RequestInterval" -> config.requestInterval(Integer.parseInt(text));
                case "FailureThreshold" -> config.failureThreshold(Integer.parseInt(text));
                case "EnableSNI" -> config.enableSNI(Boolean.parseBoolean(text));
                default ->
                    throw new FakeZone.Refusal(
                            "InvalidInput", "unknown: " + given.item(i).getNodeName());
            }
        }
        return new NewCheck(text(root, "CallerReference"), config.build());
    }

    static String made(FakeHealthChecks.Check check) {
        return answer("CreateHealthCheckResponse", check(check));
    }

    static String deleted() {
        return answer("DeleteHealthCheckResponse", "");
    }

    static String checks(FakeHealthChecks.Page page) {
        StringBuilder text = new StringBuilder("<HealthChecks>");
        page.checks().forEach(check -> text.append(check(check)));
        text.append("</HealthChecks><MaxItems>100</MaxItems><IsTruncated>%s</IsTruncated>"
                .formatted(page.next().isPresent()));
        page.next().ifPresent(next -> text.append("<NextMarker>%s</NextMarker>".formatted(next)));
        return answer("ListHealthChecksResponse", text.toString());
    }

    private static String check(FakeHealthChecks.Check check) {
        StringBuilder text =
                new StringBuilder("<HealthCheck><Id>%s</Id><CallerReference>%s</CallerReference><HealthCheckConfig>"
                        .formatted(check.id(), check.reference()));
        HealthCheckConfig config = check.config();
        element(text, "IPAddress", config.ipAddress());
        element(text, "Port", config.port());
        element(text, "Type", config.typeAsString());
        element(text, "ResourcePath", config.resourcePath());
        element(text, "FullyQualifiedDomainName", config.fullyQualifiedDomainName());
        element(text, "RequestInterval", config.requestInterval());
        element(text, "FailureThreshold", config.failureThreshold());
        element(text, "EnableSNI", config.enableSNI());
        return text + "</HealthCheckConfig><HealthCheckVersion>1</HealthCheckVersion></HealthCheck>";
    }

    private static void element(StringBuilder text, String name, @Nullable Object value) {
        if (value != null) {
            text.append("<%s>%s</%s>"
                    .formatted(name, value.toString().replace("&", "&amp;").replace("<", "&lt;"), name));
        }
    }

    private static String text(Element in, String name) {
        List<Element> found = all(in, name);
        return found.isEmpty() ? "" : found.getFirst().getTextContent();
    }

    private static List<Element> all(Element in, String name) {
        List<Element> found = new ArrayList<>();
        var nodes = in.getElementsByTagName(name);
        for (int i = 0; i < nodes.getLength(); i++) {
            found.add((Element) nodes.item(i));
        }
        return found;
    }

    static String zones(List<FakeZone> zones, boolean more, String next) {
        StringBuilder text = new StringBuilder("<HostedZones>");
        zones.forEach(one ->
                text.append(("<HostedZone><Id>/hostedzone/%s</Id><Name>%s</Name><CallerReference>x</CallerReference>"
                                + "<Config><PrivateZone>%s</PrivateZone></Config>"
                                + "<ResourceRecordSetCount>%d</ResourceRecordSetCount></HostedZone>")
                        .formatted(one.zone.id(), one.zone.name().escaped(), one.zone.isPrivate(), one.size())));
        text.append("</HostedZones><IsTruncated>%s</IsTruncated><MaxItems>100</MaxItems>".formatted(more));
        return answer("ListHostedZonesResponse", text + (more ? "<NextMarker>%s</NextMarker>".formatted(next) : ""));
    }

    /** @param next the first one of the next page; null where there is none */
    static String sets(List<RecordSet> sets, @Nullable RecordSet next) {
        StringBuilder text = new StringBuilder("<ResourceRecordSets>");
        sets.forEach(set -> text.append(set(set)));
        text.append(
                "</ResourceRecordSets><IsTruncated>%s</IsTruncated><MaxItems>300</MaxItems>".formatted(next != null));
        if (next != null) {
            text.append("<NextRecordName>%s</NextRecordName><NextRecordType>%s</NextRecordType>"
                    .formatted(next.name().escaped(), next.type()));
            if (!next.identifier().isEmpty()) {
                text.append("<NextRecordIdentifier>%s</NextRecordIdentifier>".formatted(next.identifier()));
            }
        }
        return answer("ListResourceRecordSetsResponse", text.toString());
    }

    private static String set(RecordSet set) {
        StringBuilder text = new StringBuilder("<ResourceRecordSet><Name>%s</Name><Type>%s</Type>"
                .formatted(set.name().escaped(), set.type()));
        Routing routing = set.routing();
        if (!set.identifier().isEmpty()) {
            text.append("<SetIdentifier>%s</SetIdentifier>".formatted(set.identifier()));
        }
        routing.weight().ifPresent(weight -> text.append("<Weight>%d</Weight>".formatted(weight)));
        if (routing.multivalue()) {
            text.append("<MultiValueAnswer>true</MultiValueAnswer>");
        }
        if (!routing.other().isEmpty()) {
            text.append("<Region>%s</Region>".formatted(routing.other()));
        }
        if (!routing.healthCheck().isEmpty()) {
            text.append("<HealthCheckId>%s</HealthCheckId>".formatted(routing.healthCheck()));
        }
        if (routing.alias().isPresent()) {
            Routing.Alias alias = routing.alias().get();
            text.append(("<AliasTarget><HostedZoneId>%s</HostedZoneId><DNSName>%s</DNSName>"
                            + "<EvaluateTargetHealth>%s</EvaluateTargetHealth></AliasTarget>")
                    .formatted(alias.zone(), alias.name().escaped(), alias.evaluatesHealth()));
        } else {
            text.append("<TTL>%d</TTL><ResourceRecords>".formatted(set.ttlSeconds()));
            set.values()
                    .forEach(value -> text.append("<ResourceRecord><Value>%s</Value></ResourceRecord>"
                            .formatted(value.replace("&", "&amp;").replace("<", "&lt;"))));
            text.append("</ResourceRecords>");
        }
        return text + "</ResourceRecordSet>";
    }

    /** @param root {@code ChangeResourceRecordSetsResponse} or {@code GetChangeResponse} */
    static String change(String root, String id, boolean everywhere) {
        return answer(
                root,
                ("<ChangeInfo><Id>/change/%s</Id><Status>%s</Status>"
                                + "<SubmittedAt>2026-01-01T00:00:00.000Z</SubmittedAt></ChangeInfo>")
                        .formatted(id, everywhere ? "INSYNC" : "PENDING"));
    }

    static String error(String code, String message) {
        return answer(
                "ErrorResponse",
                "<Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error><RequestId>1</RequestId>"
                        .formatted(code, message.replace("<", "&lt;")));
    }

    private static String answer(String root, String text) {
        return "<?xml version=\"1.0\"?>\n<%s xmlns=\"%s\">%s</%s>".formatted(root, DOCUMENT, text, root);
    }

    /** What STS answers with. */
    static String assumedRole(String keyId, String secret, String token) {
        return """
                <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>\
                <AccessKeyId>%s</AccessKeyId><SecretAccessKey>%s</SecretAccessKey><SessionToken>%s</SessionToken>\
                <Expiration>%s</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>""".formatted(keyId, secret, token, java.time.Instant.now().plusSeconds(3600));
    }
}
