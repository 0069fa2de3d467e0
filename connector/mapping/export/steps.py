"""What an administrator does with the exported files, in their own tool."""

from __future__ import annotations

from collections.abc import Mapping

_UNTRIED = """> Viết theo tài liệu của hãng, chưa chạy thật với sản phẩm: thử trên hệ thống thử nghiệm trước.
> Written from vendor documentation and not run against the product: try it on a test system first.
"""
_CHECK = """
Cuối cùng / last: `sohoa mapping check` đọc kiểu và thuộc tính thật qua CMIS, nêu từng chỗ chưa đúng kèm cách sửa.
`sohoa mapping check` reads the live types over CMIS and says what is not right yet, and how to mend it.
"""

_ALFRESCO = """# Alfresco

1. `repository/bhxh-model.xml`: tải lên *Repository > Data Dictionary > Models*, sửa thuộc tính, chọn **Model Active**.
   Upload it to *Repository > Data Dictionary > Models*, edit its properties, tick **Model Active**.
   Nhãn danh mục / labels of list values: `repository/messages/` lên *Data Dictionary > Messages*.
2. `alfresco-global.properties`: `smart.folders.enabled=true` nếu dùng thư mục thông minh / for saved searches; tùy
   chọn / optional: `audit.enabled=true`, `audit.cmischangelog.enabled=true`. Khởi động lại / restart.
3. Share, trong `tomcat/shared/classes/alfresco/web-extension/`:
   - `share-config-custom.xml`: gộp vào tệp đang có / merge it into the one you have;
   - `custom-slingshot-sohoa-context.xml`: chép vào đây / copy it here;
   - `messages/*.properties`: chép vào thư mục con `messages` / copy them into the subfolder `messages`.
4. `components/`: chép vào `tomcat/webapps/share/` (giữ nguyên cây thư mục) / copy into `tomcat/webapps/share/`.
   Khởi động lại Share / restart Share.
5. Thư mục theo dõi (`watched_path`): đặt quy tắc *khi tạo thư mục con: thêm aspect "Hồ sơ thủ tục hành chính"*.
   A rule on the watched folder: *when a subfolder is created, add the aspect*. Giấy tờ được gắn aspect khi tiếp nhận.
6. Tài khoản dịch vụ: vai trò **Collaborator** trên thư mục theo dõi và thư mục Kho / the service account needs
   **Collaborator** on the watched folder and on the stores.
7. Thư mục thông minh: tải `so-hoa-smart-folder.json` vào *Data Dictionary > Smart Folder Templates*, đổi kiểu thành
   `smf:smartFolderTemplate`, gắn aspect `smf:systemConfigSmartFolder` cho thư mục muốn hiện các danh sách chờ.
"""
_NUXEO = """# Nuxeo

1. Nén các tệp (META-INF, OSGI-INF, schemas) thành một JAR, chép vào `nxserver/bundles`, khởi động lại.
   Zip the files to a JAR, put it into `nxserver/bundles`, restart. Hoặc nhập lược đồ vào Nuxeo Studio / or use Studio.
2. Thư mục hồ sơ phải có facet `BhxhHoSo`: gắn khi tạo (automation `Document.AddFacet`) / dossiers need it.
3. Nội dung chỉ ghi được qua bản làm việc: phần mềm luôn check-out rồi check-in / content goes in by check-in only.
4. Danh sách chờ: các page provider `sohoa_*` đặt được vào tab tìm kiếm / the page providers serve as saved searches.
"""
_TABLES = """
Bảng thuộc tính: `giay-to.csv` (giấy tờ), `ho-so.csv` (thư mục hồ sơ). Tên phải đúng như trong bảng.
The tables list every property: papers, dossier folders. The names have to be exactly these.
"""
_FILENET = f"""# IBM FileNet P8
{_TABLES}
1. Administration Console (ACCE) > object store > *Data Design*: tạo property template theo bảng / property templates.
2. Choice list cho các cột có danh mục / choice lists; lớp con `BhxhGiayTo` của *Document* (versioning bật / enabled),
   `BhxhHoSo` của *Folder* / subclasses with these properties.
3. IBM Content Navigator: entry template dùng lớp `BhxhGiayTo` cho thư mục nộp / for the deposit folder.
4. Tài khoản dịch vụ: quyền *Modify properties*, *Major versioning*, *Create subfolder*, *File in folder*.
"""
_CM8 = f"""# IBM Content Manager 8
{_TABLES}
1. System Administration Client: tạo attribute theo bảng (kiểu VARCHAR với độ dài nêu / length as given), item type
   `BHGIAYTO` (document, *versioning: always*), `BHHOSO` (folder), `BHKYTHUAT` (document).
2. Nhiều giá trị được nối bằng "; " / several values are joined.
3. Thư mục nộp dùng item type `BHGIAYTO`; tài khoản dịch vụ có quyền *ItemUpdate, ItemCheckInOut, ItemAdd*.
"""
_SHAREPOINT = f"""# SharePoint Server
{_TABLES}
1. Bật *Content Management Interoperability Services Producer* (site feature) / activate it.
2. Tạo site column với **tên nội bộ không dấu** đúng như bảng, sau đó đổi tên hiển thị / create the columns under these
   internal names first, then rename what is displayed. Nhiều giá trị được nối bằng "; " trong cột *Multiple lines*.
3. Content type `BhxhGiayTo` (Document) và `BhxhHoSo` (Folder); đặt làm mặc định của thư viện / default of the library.
4. Bật *major versions* / versioning. Cấu hình / settings: `binding = "atompub"`.
"""
_DOCUMENTUM = f"""# OpenText Documentum
{_TABLES}
1. Chạy `tao-kieu.dql` bằng Documentum Administrator hoặc idql / run it.
2. Nhãn tiếng Việt và value assistance: Documentum Composer, theo bảng / labels and lists, from the tables.
3. Tài liệu nộp phải có kiểu `bhxh_giay_to`, thư mục hồ sơ có kiểu `bhxh_ho_so` / types of deposits and dossiers.
4. Tài khoản dịch vụ: quyền VERSION trên giấy tờ, WRITE trên thư mục / VERSION on papers, WRITE on folders.
"""
_OPENTEXT = f"""# OpenText Content Server
{_TABLES}
1. *Content Server Categories* volume: tạo category `BhxhGiayTo` và `BhxhHoSo` với các attribute theo bảng;
   nhiều giá trị: đặt *number of rows* lớn hơn 1 / create both categories with these attributes; several values: more
   than one row.
2. Gán `BhxhHoSo` cho thư mục hồ sơ, `BhxhGiayTo` làm category kế thừa cho tài liệu trong đó / assign them to the
   dossier folder, and let documents in it inherit `BhxhGiayTo`.
3. Bật *versioning: advanced* trên thư mục / versions on. Tài khoản dịch vụ: *Modify, Edit Attributes, Reserve, Add
   Items*.
4. `sohoa mapping check` cho biết CMIS gọi các attribute này bằng mã nào; ghi mã đó vào tệp ánh xạ.
   The ids under which CMIS shows the attributes are what `sohoa mapping check` asks about: write them into the mapping.
"""
_MODESHAPE = """# ModeShape

1. `bhxh.cnd`: đặt cạnh tệp cấu hình kho, thêm `"node-types": ["bhxh.cnd"]` vào cấu hình / put it beside the
   repository's configuration and name it there. ModeShape 5.4.1 nhận tệp này (đã chạy) / takes it (this was run).
2. Các kiểu nút này chỉ dùng qua JCR: ứng dụng CMIS của ModeShape không cho thấy kiểu riêng nào. Qua CMIS, thuộc tính
   nằm trong tệp JSON trong thư mục `_sohoa` của hồ sơ / over CMIS no own type shows: properties lie in a JSON
   document there.
"""

STEPS: Mapping[str, str] = {
    name: f"{text.split(chr(10), 1)[0]}\n\n{_UNTRIED}{text.split(chr(10), 1)[1]}{_CHECK}"
    for name, text in (
        ("alfresco", _ALFRESCO),
        ("nuxeo", _NUXEO),
        ("filenet", _FILENET),
        ("cm8", _CM8),
        ("sharepoint", _SHAREPOINT),
        ("documentum", _DOCUMENTUM),
        ("opentext", _OPENTEXT),
        ("modeshape", _MODESHAPE),
    )
}
