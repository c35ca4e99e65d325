package io.sepiola.gateway.service;

import io.sepiola.gateway.protocol.S3Error;
import io.sepiola.gateway.protocol.S3Exception;
import io.sepiola.gateway.protocol.XmlReader;
import io.sepiola.gateway.protocol.XmlWriter;

/** There is one access control list: the owner may do everything, nobody else anything. */
final class Acl {
    private static final int BODY_BYTES_MAX = 64 << 10;

    private Acl() {}

    static void send(Exchange exchange) {
        XmlWriter xml = new XmlWriter().root("AccessControlPolicy");
        BucketOperations.owner(exchange, "Owner", xml);
        xml.open("AccessControlList").open("Grant");
        xml.raw(
                "<Grantee xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""
                        + " xsi:type=\"CanonicalUser\">");
        xml.text("ID", exchange.account().user())
                .text("DisplayName", exchange.account().displayName())
                .close("Grantee")
                .text("Permission", "FULL_CONTROL")
                .close("Grant")
                .close("AccessControlList");
        exchange.sendXml(xml.close("AccessControlPolicy"));
    }

    /** Accepts the one that there is, as clients put it when they copy lists; refuses others. */
    static void put(Exchange exchange) {
        ObjectHeaders.checkSupported(exchange.headers());
        byte[] body = exchange.payload().readAll(BODY_BYTES_MAX);
        if (body.length > 0) {
            XmlReader.Element list =
                    XmlReader.read(body, "AccessControlPolicy").childOrNull("AccessControlList");
            if (list == null) {
                throw new S3Exception(S3Error.MALFORMED_XML);
            }
            list.children().forEach(grant -> check(grant, exchange.account().user()));
        } else if (!exchange.headers().has("x-amz-acl")) {
            throw new S3Exception(S3Error.MALFORMED_XML);
        }
        exchange.sendEmpty(200);
    }

    private static void check(XmlReader.Element grant, String owner) {
        XmlReader.Element grantee = grant.childOrNull("Grantee");
        if (grantee == null
                || !owner.equals(grantee.textOf("ID"))
                || !"FULL_CONTROL".equals(grant.textOf("Permission"))) {
            throw new S3Exception(S3Error.ACCESS_CONTROL_LIST_NOT_SUPPORTED);
        }
    }
}
