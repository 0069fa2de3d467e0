import jakarta.annotation.Resource;
import jakarta.jws.WebService;
import jakarta.xml.ws.WebServiceContext;
import jakarta.xml.ws.handler.MessageContext;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import javax.xml.datatype.DatatypeFactory;
import javax.xml.datatype.XMLGregorianCalendar;
import org.apache.cxf.jaxws.JaxWsServerFactoryBean;
import vn.kho.*;

/**
 * GetMetadata as our service does it: Basic, schema validation both ways, the paper from PostgreSQL, a row of the
 * audit chain committed before the answer. Arguments: port, socket file, expected Authorization header.
 */
@WebService(endpointInterface = "vn.kho.KhoGiayToPortType", targetNamespace = "urn:vn:bhxh:sohoa:kho:1")
public class KhoEndpoint implements KhoGiayToPortType {
    private static final String PAPER = "SELECT version, legal_status, level, document->>'length' AS length, "
        + "document->>'sha256' AS sha256, published_at, record, record->'metadata' AS m, digitization_code, issue_date, "
        + "record->>'procedure_code' AS procedure, record->>'dossier_code' AS dossier, record->>'is_result' AS result, "
        + "record->>'extracted_at' AS extracted, record->>'confirmed_by' AS confirmer, "
        + "record->>'confirmed_at' AS confirmed, record->>'approved_by' AS approver, record->>'copy_form' AS form, "
        + "record->'prefix'->>'length' AS prefix_length, record->'prefix'->>'sha256' AS prefix_sha256, "
        + field("document_type_code") + field("owner_id") + field("owner_id_kind") + field("owner_name")
        + field("owner_birth_date") + field("document_name") + field("document_number") + field("issuing_authority")
        + "record->'metadata'->>'abstract' AS abstract FROM published_paper WHERE paper_id = ? AND latest";
    private final BlockingQueue<Connection> pool = new ArrayBlockingQueue<>(16);
    private final DatatypeFactory dates;
    private final String authorization;
    @Resource private WebServiceContext context;

    KhoEndpoint(String socket, String authorization) throws Exception {
        this.authorization = authorization;
        dates = DatatypeFactory.newInstance();
        Properties how = new Properties();
        how.put("user", "sohoa");
        how.put("socketFactory", "org.newsclub.net.unix.AFUNIXSocketFactory$FactoryArg");
        how.put("socketFactoryArg", socket);
        for (int number = 0; number < 16; number++) {
            Connection connection = DriverManager.getConnection("jdbc:postgresql://localhost/postgres", how);
            connection.setAutoCommit(false);
            pool.add(connection);
        }
    }

    public static void main(String[] arguments) throws Exception {
        JaxWsServerFactoryBean factory = new JaxWsServerFactoryBean();
        factory.setServiceBean(new KhoEndpoint(arguments[1], arguments[2]));
        factory.setAddress("http://127.0.0.1:" + arguments[0] + "/KhoGiayTo");
        factory.setProperties(new java.util.HashMap<>(Map.of("schema-validation-enabled", "true")));
        factory.create();
        System.out.println("ready");
        while (System.in.read() >= 0) { }
        System.exit(0);
    }

    @Override
    public GetMetadataResponseType getMetadata(GetMetadataType asked) throws AccessDeniedFault {
        signIn();
        try {
            Connection connection = pool.take();
            try {
                GetMetadataResponseType answer = read(connection, asked.getMaTaiLieu());
                audit(connection, asked.getMaTaiLieu(), asked.getMucDich());
                connection.commit();
                return answer;
            } finally {
                pool.add(connection);
            }
        } catch (Exception error) {
            throw new RuntimeException(error);
        }
    }

    private void signIn() throws AccessDeniedFault {
        Object headers = context.getMessageContext().get(MessageContext.HTTP_REQUEST_HEADERS);
        Object found = headers instanceof Map<?, ?> map ? map.get("Authorization") : null;
        if (!(found instanceof List<?> list) || !list.contains(authorization)) {
            throw new AccessDeniedFault("no", new LoiType());
        }
    }

    private GetMetadataResponseType read(Connection connection, String id) throws Exception {
        try (PreparedStatement statement = connection.prepareStatement(PAPER)) {
            statement.setObject(1, UUID.fromString(id));
            ResultSet row = statement.executeQuery();
            row.next();
            GetMetadataResponseType answer = new GetMetadataResponseType();
            answer.setTaiLieu(summary(row, id));
            answer.setDuLieuDacTa(metadata(row, id));
            return answer;
        }
    }

    private ThongTinTaiLieuType summary(ResultSet row, String id) throws Exception {
        ThongTinTaiLieuType paper = new ThongTinTaiLieuType();
        paper.setMaTaiLieu(id);
        paper.setMaSoHoa(row.getString("digitization_code"));
        paper.setPhienBan(row.getInt("version"));
        paper.setTrangThaiHieuLuc(TrangThaiHieuLucType.fromValue(row.getString("legal_status")));
        paper.setMucChuKy(MucChuKyType.fromValue(row.getString("level")));
        paper.setLoaiNoiDung("application/pdf");
        paper.setKichThuoc(new BigInteger(row.getString("length")));
        paper.setSHA256(row.getString("sha256"));
        paper.setMaLoaiGiayTo(row.getString("document_type_code"));
        paper.setTenGiayTo(row.getString("document_name"));
        paper.setSoKyHieu(row.getString("document_number"));
        paper.setNgayCap(dates.newXMLGregorianCalendar(row.getString("issue_date")));
        paper.setCoQuanCap(row.getString("issuing_authority"));
        paper.setThoiGianCongBo(moment(row.getObject("published_at", OffsetDateTime.class)));
        return paper;
    }

    private DuLieuDacTaType metadata(ResultSet row, String id) throws Exception {
        DuLieuDacTaType data = new DuLieuDacTaType();
        data.setMaTaiLieu(id);
        data.setMaSoHoa(row.getString("digitization_code"));
        data.setMaLoaiGiayTo(row.getString("document_type_code"));
        data.setLaKetQua(Boolean.parseBoolean(row.getString("result")));
        data.setMaTTHC(row.getString("procedure"));
        data.setMaHoSo(row.getString("dossier"));
        data.setMaChuGiayTo(row.getString("owner_id"));
        data.setLoaiDinhDanh(row.getString("owner_id_kind"));
        data.setTenChuGiayTo(row.getString("owner_name"));
        data.setNgaySinh(row.getString("owner_birth_date"));
        data.setTenGiayTo(row.getString("document_name"));
        data.setSoKyHieu(row.getString("document_number"));
        data.setNgayCap(dates.newXMLGregorianCalendar(row.getString("issue_date")));
        data.setCoQuanCap(row.getString("issuing_authority"));
        data.setTrichYeuNoiDung(row.getString("abstract"));
        data.setThoiGianBocTach(moment(OffsetDateTime.parse(row.getString("extracted"))));
        data.setNguoiXacNhan(row.getString("confirmer"));
        data.setThoiGianXacNhan(moment(OffsetDateTime.parse(row.getString("confirmed"))));
        data.setNguoiDuyetSao(row.getString("approver"));
        data.setHinhThucSao(HinhThucSaoType.fromValue(row.getString("form")));
        TepTinType file = new TepTinType();
        file.setDoDai(new BigInteger(row.getString("prefix_length")));
        file.setSHA256(row.getString("prefix_sha256"));
        data.setTepTin(file);
        return data;
    }

    private XMLGregorianCalendar moment(OffsetDateTime time) {
        return dates.newXMLGregorianCalendar(time.withOffsetSameInstant(ZoneOffset.ofHours(7)).withNano(0)
            .format(java.time.format.DateTimeFormatter.ISO_OFFSET_DATE_TIME));
    }

    private void audit(Connection connection, String subject, String purpose) throws Exception {
        long position;
        String previous;
        try (PreparedStatement head = connection.prepareStatement("SELECT position, hash FROM audit_head FOR UPDATE")) {
            ResultSet row = head.executeQuery();
            row.next();
            position = row.getLong(1) + 1;
            previous = row.getString(2);
        }
        OffsetDateTime now = OffsetDateTime.now(ZoneOffset.UTC);
        String text = String.join("|", "bench", now.toString(), "GetMetadata", String.valueOf(position), previous, purpose,
            "OK", subject);
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        String hash = HexFormat.of().formatHex(digest);
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO audit (position, at, actor, operation, "
                + "subject, purpose, result, previous_hash, hash) VALUES (?, ?, 'bench', 'GetMetadata', ?, ?, 'OK', ?, ?)");
                PreparedStatement update = connection.prepareStatement("UPDATE audit_head SET position = ?, hash = ?")) {
            insert.setLong(1, position);
            insert.setObject(2, now);
            insert.setString(3, subject);
            insert.setString(4, purpose);
            insert.setString(5, previous);
            insert.setString(6, hash);
            insert.executeUpdate();
            update.setLong(1, position);
            update.setString(2, hash);
            update.executeUpdate();
        }
    }

    private static String field(String name) {
        return "record->'metadata'->>'" + name + "' AS " + name + ", ";
    }

    @Override public PingResponseType ping(PingType asked) { throw new UnsupportedOperationException(); }
    @Override public SearchDocumentsResponseType searchDocuments(SearchDocumentsType asked) {
        throw new UnsupportedOperationException();
    }
    @Override public GetDocumentResponseType getDocument(GetDocumentType asked) {
        throw new UnsupportedOperationException();
    }
    @Override public GetMetadataSignatureResponseType getMetadataSignature(GetMetadataSignatureType asked) {
        throw new UnsupportedOperationException();
    }
    @Override public ListChangesResponseType listChanges(ListChangesType asked) {
        throw new UnsupportedOperationException();
    }
    @Override public AcknowledgeReceiptResponseType acknowledgeReceipt(AcknowledgeReceiptType asked) {
        throw new UnsupportedOperationException();
    }
    @Override public VerifyDocumentResponseType verifyDocument(VerifyDocumentType asked) {
        throw new UnsupportedOperationException();
    }
    @Override public ListOwnerDocumentsResponseType listOwnerDocuments(ListOwnerDocumentsType asked) {
        throw new UnsupportedOperationException();
    }
    @Override public ReportDossierResultResponseType reportDossierResult(ReportDossierResultType asked) {
        throw new UnsupportedOperationException();
    }
}
