import jakarta.xml.ws.soap.MTOMFeature;
import java.io.InputStream;
import java.net.URI;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Properties;
import org.apache.cxf.frontend.ClientProxy;
import org.apache.cxf.ws.security.wss4j.WSS4JOutInterceptor;
import vn.kho.*;

/** Signs every message with the key in KHO_KEYSTORE (PKCS#12), and pulls one paper by MTOM. */
public class SignedPull {
    public static void main(String[] arguments) throws Exception {
        Map<String, String> env = System.getenv();
        KhoGiayToPortType port = new KhoGiayTo(URI.create(env.get("KHO_WSDL")).toURL())
            .getKhoGiayToPort(new MTOMFeature());
        ClientProxy.getClient(port).getOutInterceptors().add(new WSS4JOutInterceptor(security(env)));

        GetDocumentType wanted = new GetDocumentType();
        wanted.setMucDich("Giải quyết hồ sơ");
        wanted.setMaSoHoa(env.get("KHO_CODE"));
        GetDocumentResponseType answer = port.getDocument(wanted);
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (InputStream stream = answer.getTaiLieu().getNoiDung().getInputStream()) {
            byte[] chunk = new byte[1 << 16];
            for (int read; (read = stream.read(chunk)) > 0; ) digest.update(chunk, 0, read);
        }
        String sha256 = HexFormat.of().formatHex(digest.digest());
        System.out.println((sha256.equals(answer.getTaiLieu().getSHA256()) ? "OK " : "WRONG ") + sha256);
    }

    private static Map<String, Object> security(Map<String, String> env) {
        Properties crypto = new Properties();
        crypto.put("org.apache.wss4j.crypto.merlin.keystore.file", env.get("KHO_KEYSTORE"));
        crypto.put("org.apache.wss4j.crypto.merlin.keystore.type", "PKCS12");
        crypto.put("org.apache.wss4j.crypto.merlin.keystore.password", env.get("KHO_KEYSTORE_PASSWORD"));
        Map<String, Object> security = new HashMap<>();
        security.put("action", "Timestamp Signature");
        security.put("signatureUser", "portal");
        security.put("cryptoProperties", crypto);
        security.put("signaturePropRefId", "cryptoProperties");
        security.put("signatureKeyIdentifier", "DirectReference");
        security.put("signatureAlgorithm", "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256");
        security.put("signatureDigestAlgorithm", "http://www.w3.org/2001/04/xmlenc#sha256");
        security.put("signatureParts",
            "{}{http://schemas.xmlsoap.org/soap/envelope/}Body;"
            + "{}{http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd}Timestamp");
        security.put("passwordCallbackRef", (javax.security.auth.callback.CallbackHandler) callbacks -> {
            for (var callback : callbacks) {
                ((org.apache.wss4j.common.ext.WSPasswordCallback) callback).setPassword(env.get("KHO_KEYSTORE_PASSWORD"));
            }
        });
        return security;
    }
}
