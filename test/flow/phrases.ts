/** What people type to start something, by the flow it must start; one phrase a line. */
const starting: Readonly<Record<string, string>> = {
  'kirim-sk': `
    kirim sk
    Kirim SK.
    KIRIM SK pak
    mau kirim sk
    sy mau kirim foto sk
    mo ngirim sk
    badhe ngirim sk
    mau mengirim foto SK saya
    foto sk
    unggah sk
    kirim berkas sk
    mau setor sk bu
    lapor sk
    saya punya sk baru
    sk baru
    mau kirim perbaikan sk
`,
  sambung: `
    konfirmasi
    konfirmasi pendaftaran
    saya punya kode pendaftaran
    saya didaftarkan orang lain
  `,
  'nomor-ini': `
    nomor ini
    nomor ini dipakai siapa pak
    siapa saja yang terdaftar di nomor ini
    keluarkan ibu dari nomor ini
  `,
  registrasi: `
    daftarkan ibu saya
    mau mendaftarkan teman saya
    mendaftarkan ibu saya yang sudah sepuh
    kulo badhe ndaftaraken ibu
    daftar
    Daftar.
    DAFTAR PSM
    dftr
    dftar
    daftarrr
    daptar
    dafatr
    mo dftar psm
    mw dftr anggota
    sy mau daftar
    sy mo daftar pak
    saya mau mendaftar
    Saya ingin mendaftar sebagai anggota
    kulo badhe ndaftar
    kula badhe ndaftar anggota
    kulo ajeng daftar
    nyuwun tulung ndaftar
    aku arep daftar
    arep ndaftar PSM piye carane
    pengen gabung psm
    pingin gabung
    mau gabung jadi anggota
    mau ikut psm
    registrasi
    registasi
    regis
    registrasi anggota baru
    pendaftaran anggota
    pndaftaran
    mau jadi anggota
    saya anggota baru
    anggota baru mau daftar
    cara daftar
    caranya daftar gimana
    gimana cara daftar?
    pripun carane ndaftar
    bagaimana cara mendaftar jadi PSM
    cara daftarnya gmn pak
    syarat daftar apa saja
    assalamualaikum, saya mau daftar PSM
    Selamat pagi pak, mau daftar anggota
    permisi bu, bisa daftar di sini?
    Halo min, mau registrasi
    tolong daftarkan saya
    mohon dibantu daftar
    sy blm daftar
    saya belum terdaftar
    blm trdaftar pak
    boleh daftar sekarang?
    nuwun sewu, badhe daftar
    mau mndaftar
    pak saya pengin daftar psm desa
    bgmn cara gabung psm
    daftar baru
    pendaptaran psm
    mau regis
    mohon info pendaftaran
    bisakah saya mendaftar
    ndaftar pak
    saya mau jd anggota ipsm
    daftar online
    cara jadi anggota
    link pendaftaran
    isi formulir pendaftaran
    sy kader baru mau dftar
    mendaftarkan diri
    badhe ndaftar psm pripun caranipun
    daftar dong pak
    saya mau gabung ipsm
    kulo purun dados anggota
    mohon petunjuk cara mendaftar
    mau daftar psm lewat wa
    sy blm daftar anggota
    gimana daftarnya
    mau registrasi psm bu
    saya kader baru
    daftar psm desa sindurejo
    assalamualaikum wr wb pak mau gabung psm
    pendaftaran psm masih buka?`,
  sertifikat: `
    SERTIFIKAT
    sertifikat saya pak
    mau kirim sertifikat
    lihat sertifikat saya
  `,
  'cek-sk': `
    sk
    SK?
    cek sk
    Cek SK
    cek sk sy
    ngecek sk
    chek sk
    sk saya
    SK saya pak
    status sk
    sttus sk
    statusnya sk saya
    status sk saya bagaimana
    status sk sy gmn
    sk kula pripun
    nomor sk
    no sk
    no sk sy
    no sk saya berapa
    nmr sk
    nomer sk kulo pinten
    nomer SK saya brp ya
    berapa nomor sk saya
    lihat sk
    mau lihat sk saya
    pingin lihat SK
    sy mau cek sk
    sya mw cek sk
    saya ingin cek status SK
    kulo badhe cek SK
    nyuwun priksa sk kulo
    sk sudah jadi belum
    sk sy sdh jadi blm
    sk kulo sampun dados dereng
    apakah sk saya sudah jadi?
    SK saya kapan jadi
    kapan sk jadi ya pak
    SK sudah keluar belum ya
    sk blm keluar
    sy blm pny sk
    kulo dereng gadhah sk
    saya belum punya SK
    sknya sudah jadi?
    surat keputusan
    surat keputusan saya
    cek surat keputusan
    Saya mau tanya nomor SK saya Pak
    assalamualaikum mau cek sk
    Selamat siang bu, mau tanya status SK
    tolong cek sk saya
    tlg cek sk sy pak
    mohon info SK saya
    sk nya mana
    SK PSM saya sudah terbit?
    mau tanya sk
    bagaimana status SK saya bu
    nomor surat keputusan saya berapa
    kulo badhe tanglet sk
    cek nomor sk
    lihat status sk
    sk saya belum jadi
    cek status
    minta nomor sk saya
    nyuwun priksa nomer sk
    sk saya dimana
    kapan sk saya keluar
    kapan sk turun
    cek sk psm
    mau cek status sk sy pak
    sk q sdh ada blm
    SK SAYA BELUM KELUAR
    sk kulo pundi
    lihat nomor sk
    info sk pak
    sk saya sdh terbit blm ya
    mau tau status sk
    nomer sk piro
    status surat keputusan
    sk psm saya
    cekkan sk saya bu
    sk kula dereng dados
    apakah sk sudah ada
    tolong lihatkan sk saya
    berapa no sk saya
    sk saya hilang`,
  bantuan: `
    bantuan
    BANTUAN
    bntuan
    bantuan pak
    tolong
    tlg
    tolong pak
    pak tolong
    help
    bingung
    saya bingung
    sy bingung pak
    sy bngung caranya
    tidak paham
    sy tdk paham
    saya tidak mengerti
    mboten ngertos
    kulo mboten ngertos
    ora mudeng
    gak ngerti caranya
    cara pakai
    cara pakainya gimana
    bagaimana cara pakai
    gmn cara pakai ini
    minta bantuan
    butuh bantuan
    mohon bantuan pak
    cara pakai bot ini
    saya tidak mengerti caranya
    kulo bingung
    bingung pak
    gimana cara pakainya
    bantu saya
    bantuin dong
    saya ndak paham
    sy kurang paham
    tidak ngerti
    saya belum paham
    bingung carane
    mboten mudeng
    gak paham
    cara menggunakan bot
    bantu pak`,
  petugas: `
    petugas
    PETUGAS
    ptugas
    operator
    oprator
    admin
    petugas pak
    bicara dengan petugas
    mau bicara dengan petugas
    sy mau bicara dg petugas
    mau ngomong sama petugas
    kulo badhe wicanten kaliyan petugas
    hubungi petugas
    hubungkan dengan petugas
    sambungkan ke petugas
    tolong sambungkan ke petugas
    minta tolong petugas
    tanya petugas
    mau tanya petugas
    bicara dengan orang
    mau bicara sama orang langsung
    bicara dengan admin
    hubungi admin
    telepon petugas
    mau bicara sama petugas
    ada petugas?
    tolong hubungi petugas
    saya mau bicara dengan admin
    butuh petugas
    mau tlp petugas
    bicara langsung dengan petugas
    panggil petugas
    minta nomor petugas
    mau ngobrol dengan orang
    chat admin
    minta dihubungi petugas
    saya ingin bicara dengan petugas
    mohon hubungkan ke admin
    mau telepon petugas
    nomor admin berapa
    petugasnya mana
    bicara orang
    minta nomor hp petugas
    mau wicanten kaliyan petugas`,
  berhenti: `
    berhenti dulu
    berhenti dulu ya pak
    berhenti
    BERHENTI
    brhenti
    berhenti pak
    berhenti saja
    stop
    STOP!
    stop pak
    unreg
    jangan kirim pesan lagi
    jgn kirim psn lagi
    jangan kirimi pesan lagi pak
    tolong jangan kirim pesan lagi
    berhenti berlangganan
    saya mau berhenti menerima pesan
    tidak mau menerima pesan lagi
    terima pesan
    terima pesan lagi
    mau terima pesan lagi
    stop kirim pesan
    tolong berhenti kirim pesan
    jangan kirim undangan lagi
    ojo kirim pesan maneh
    tidak mau terima pesan lagi
    berhenti langganan
    saya tidak mau dikirimi pesan lagi
    stop pesan
    jangan kirim undangan
    saya mau berhenti langganan
    stop kirim undangan
    berhenti kirim pesan ke saya
    mau terima undangan lagi`,
  menu: `
    menu
    MENU
    mnu
    menu pak
    mulai
    start
    halo
    hai
    hallo
    selamat pagi
    slmt pagi pak
    sugeng enjing
    Assalamualaikum
    assalamualaikum wr wb
    permisi
    nuwun sewu`,
  'hapus-data': `
    hapus
    hapus data
    HAPUS DATA SAYA
    hapus data sy
    mau hapus data saya pak
    tolong hapus data saya
    hapus akun
    hapus akun saya
    hapus keanggotaan saya
    saya mau keluar dari anggota`,
  'cabut-persetujuan': `
    cabut persetujuan
    CABUT PERSETUJUAN SAYA
    saya mau cabut persetujuan
    tarik persetujuan saya`,
  tangguhkan: `
    tangguhkan
    TANGGUHKAN DATA
    tangguhkan data saya
    mohon tangguhkan data saya`,
  'minta-data': `
    minta penjelasan data saya`,
  privasi: `
    privasi
    hak atas data saya
    perlindungan data
    data pribadi saya`,
  'berhenti-psm': `
    berhenti jadi anggota
    mengundurkan diri
    saya mau mengundurkan diri
    mengundurkan diri sebagai PSM
    mau berhenti jadi psm pak
    berhenti sebagai psm
    keluar dari ipsm
    saya mau keluar dari psm
    aktifkan keanggotaan
    saya mau aktifkan keanggotaan saya`,
  kehadiran: `
    undangan
    lihat undangan rakor
    undangan rakor saya mana
    kapan rakor
    kapan rakornya pak
    rakor di mana
    jadwal rakor
    tempat rakor di mana bu
    hadir
    hadir pak
    saya hadir
    konfirmasi kehadiran
    konfirmasi hadir
    mau ubah jawaban undangan`,
  tiket: `
    tiket
    TIKET RAKOR
    minta tiket pak
    tiket rakor saya`,
  'surat-tugas': `
    surat tugas
    SURAT TUGAS
    minta surat tugas bu
    surat tugas saya
    nyuwun surat tugas`,
  'kabar-duka': `
    kabar duka
    mau lapor kabar duka
    beliau sudah meninggal
    pemilik nomor ini sudah meninggal pak`,
  pindah: `
    pindah desa
    saya pindah desa
    saya pindah tugas
    mau pindah tugas ke desa lain
    saya sekarang tugas di desa lain`,
  'ganti-nomor': `
    ganti nomor
    sy ganti nomer
    nomor saya ganti
    ganti nomer telepon
    nomor telepon saya ganti
    ganti nomor hp
    ganti nomor wa
    nomor hp saya ganti
    ini nomor baru saya`,
  profil: `
    data saya
    DATA SAYA
    minta salinan data saya
    salinan data
    data sy
    lihat data saya
    mau lihat data saya
    sy mau lihat data sy pak
    cek data saya
    profil
    profil saya
    data kulo
    ubah data
    ubah data saya
    sy mau ubah data
    mau ngubah data
    ganti data
    ganti data sy
    perbaiki data
    mau perbaiki data saya
    data saya salah
    nama saya salah
    mau ganti nama
    ubah nama
    perbaiki nama saya
    tanggal lahir saya salah
    ubah wilayah tugas
    nik saya salah
    perbaiki nik
    mau menyerahkan nik
    siapa yang melihat data saya
    siapa saja yang melihat data saya
    apa saja data saya
    data sy keliru
    data saya ada yang salah
    ubah tanggal lahir
    perbarui data
    ralat data`,
  'untuk-apa': `
    untuk apa data ini
    buat apa data ini
    ini buat apa ya
    kenapa harus NIK
    untuk apa NIK?
    buat apa nik pak
    apakah aman
    aman tidak pak
    takut disalahgunakan
    saya takut disalahgunakan`,
  aslikah: `
    asli
    ASLI?
    aslikah
    asli apa palsu
    apakah ini asli
    ini asli?
    ini asli pak?
    bot ini asli?
    apakah bot ini asli
    ini penipuan ya
    ini penipuan
    penipuan ya
    apakah ini penipuan
    takut penipuan
    saya takut ditipu
    benarkah ini ipsm
    apakah ini resmi
    ini resmi?
    bot resmi
    ini bot resmi?
    nomor resmi ipsm
    siapa ini
    ini siapa
    ini siapa ya
    iki sopo
    niki sinten
    ini dengan siapa
    ini nomor siapa
    anda siapa
    panjenengan sinten
    dari mana nomor saya
    dapat nomor saya dari mana
    kok tahu nomor saya
    tahu nomor saya dari mana
    bisa dipercaya?
    nomor ini bisa dipercaya
    maaf ini siapa`,
  'usul-masalah': `
    usul
    usul pak
    usulan
    usul masalah
    mau usul
    sy mau usul
    saya mau usul masalah
    usulan masalah
    usulan rakor
    usulan untuk rakor
    usul untuk rakor
    kulo badhe usul
    masalah
    lapor masalah
    mau lapor masalah
    menyampaikan masalah
    mau menyampaikan masalah
    ada masalah
    ada masalah pak
    masalah untuk rakor
    kendala
    kendala psm
    ada kendala
    ada kendala pak
    saya ada kendala
    menyampaikan kendala
    mau menyampaikan usulan
    saya ingin menyampaikan usulan
    boleh usul?
    bolehkah saya usul
    keluhan
    ada keluhan
    menyampaikan keluhan
    aspirasi
    mau menyampaikan aspirasi
    mengusulkan masalah
    cara mengusulkan masalah
    saya mau melaporkan masalah
    sampaikan masalah
    sy ingin mengusulkan
    gimana cara usul
    usul masalah anggaran
    masalah anggaran`,
};

/**
 * Ordinary sentences: none of them may start anything but the opening flow. Those under `asked` hold enough of a request
 * to be asked back; those under `passing` do not even that.
 */
export const passing: readonly string[] = lines(`
  bapak saya mundur dari kursi
  saya keluar dari rumah sakit
  kode pos desa
  daftarkan anak saya sekolah
  ibu saya sakit
  keluarkan saya dari grup
  lepas masker
  siapa saja di rapat
  pengurus rapat besok pagi
  peran serta warga sangat penting
  peran PSM di desa kami kurang dihargai
  ketua dan pengurus hadir semua
  masa bakti kepala desa sudah habis
  pengurus masjid minta bantuan
  sertifikat tanah warga belum jadi
  apa bedanya pelatihan dasar dan lanjutan
  Selamat pagi pak, warga saya ada yang sakit di RT 03
  Assalamualaikum bu, kemarin rumah pak Contoh kebanjiran
  Selamat malam, maaf mengganggu
  terima kasih
  terima kasih banyak pak
  terima kasih atas bantuannya
  matur nuwun
  matur nuwun sanget pak
  suwun mas
  makasih infonya
  sama-sama
  sami-sami
  nggih
  nggih pak
  nggih bu matur nuwun
  inggih
  inggih leres
  ya
  ya pak
  iya bu
  ok
  oke siap
  siap
  siap pak
  siap laksanakan
  siap, nanti saya sampaikan
  baik
  baik bu terima kasih
  insya Allah
  insya Allah pak
  insya allah besok hadir
  monggo
  monggo pak
  amin
  aamiin ya rabbal alamin
  alhamdulillah
  alhamdulillah sehat
  ampun
  mbuh
  nanti dulu
  sebentar ya
  sik to
  terserah
  tidak
  mboten
  ora
  belum
  dereng pak
  bis berhenti di sini
  saya berhenti bekerja tahun lalu
  hujannya belum berhenti
  berhenti merokok itu susah
  suami saya sudah berhenti kerja
  jangan berhenti berjuang ya bapak ibu
  mobilnya berhenti di depan balai desa
  kami tidak akan berhenti mengabdi
  stop kontak di balai desa rusak
  halte dan stop bis
  bapak batal datang
  rapat kemarin batal
  rapat RT batal karena hujan
  saya ulang tahun hari ini
  selamat ulang tahun pak
  ulang tahun desa dirayakan besok
  saya sudah kembali ke rumah
  kembali kasih
  uang kembaliannya sudah saya terima
  menu makan posyandu apa ya
  menu lansia hari ini bubur
  acara mulai jam berapa
  rapat mulai jam 9
  petugas posyandu sudah datang
  petugas PLN sedang memperbaiki listrik
  petugas kesehatan dari puskesmas belum hadir
  admin desa sedang cuti
  operator desa namanya siapa
  warga butuh beras
  ada warga yang butuh kursi roda
  pak tolong warga kami kebanjiran
  tolong sampaikan kepada pak lurah
  tolong menolong itu wajib
  minta tolong antar ke puskesmas
  bantuan beras belum sampai
  bantuan sosial kapan turun
  bantuan langsung tunai bulan ini berapa
  daftar hadir rapat RT sudah saya kirim
  daftar nama lansia saya kirim besok
  anak saya mendaftar sekolah di SMP
  anak saya mau daftar kuliah tahun ini
  tetangga saya mendaftar jadi polisi
  saya sudah daftar bulan lalu di kantor desa
  saya tidak mau daftar
  saya tidak mau ikut
  jangan daftarkan saya
  kulo mboten badhe ndaftar
  gabung arisan ibu-ibu di RT 02 ya
  anggota keluarga saya ada lima orang
  anggota karang taruna desa kami dua puluh orang
  sk bupati tentang gaji sudah terbit kemarin lusa
  SK pengurus RT kami hilang kena banjir bulan lalu
  sk pensiun suami saya belum saya ambil di kantor
  surat undangan rapat sudah saya terima
  undangan nikah anak saya sudah disebar
  tiket bis ke Semarang sudah habis
  tiket kereta sudah saya beli
  surat tugas pak lurah sudah keluar kemarin
  jawaban ujian anak saya salah semua
  jawaban pak camat tentang rakor belum ada
  siaran radio semalam bagus sekali
  siaran langsung pak gubernur tadi pagi
  surat dari pak camat sudah sampai
  surat tanah warga belum selesai
  nomor rumah saya 12
  status bencana dicabut pak bupati
  status ekonomi warga kurang mampu
  saya orang desa biasa
  orangnya baik sekali
  ada orang gila di pasar
  saya sedang di jalan
  saya di rumah
  saya di Semarang
  Sindurejo
  Desa Contoh
  Karanganyar
  Kec. Toroh
  Grobogan
  Bener
  Purwodadi, Grobogan
  Kelurahan Mijen Kota Semarang
  desa kami di lereng gunung
  RT 03 RW 05
  lapor pak RT 02 aman
  laporan RT 05: tiga warga sakit, satu lansia jatuh
  laporan kegiatan bulan ini
  lapor, jembatan desa putus
  warga RT 04 meninggal dunia tadi pagi
  innalillahi wa inna ilaihi rojiun
  turut berduka cita
  semoga lekas sembuh
  kapan hujan berhenti
  jam berapa sekarang
  berapa harga beras
  siapa nama pak camat
  apa kabar
  apa kabar pak
  pripun kabare
  kabar baik
  bagaimana kabar bapak
  di mana rapatnya
  rapatnya dmn
  tidak bisa hadir
  izin tidak hadir
  ijin absen saya sakit
  diwakilkan sekretaris
  besok saya datang
  saya pikir-pikir dulu
  kulo pikir rumiyin
  saya tidak punya hp bagus
  hp saya rusak
  pulsa habis
  sinyalnya jelek
  maaf salah kirim
  maaf salah sambung
  salah kirim pak
  pesan dari pak lurah sudah saya sampaikan
  pesan makanan untuk rapat sudah lagi dimasak
  nanti saya kirim fotonya
  fotonya sudah saya kirim
  kenapa lama sekali
  kok tidak dibalas
  balas dong
  botnya tidak jelas
  kecewa saya
  minta uang ya
  honor psm kapan cair
  insentif bulan ini belum cair
  gajinya berapa
  1
  2
  3
  141/07/2021
  17-8-1970
  0812-0000-0001
  hmm
  tes
  test
  p
  ping
  ???
  ...
  👍
  🙏
  🙏🙏🙏
  😂
  haha
  wkwk
  doakan kami sehat
  Yen kulo pasrah mawon mas
  kulo nderek mawon
  dalem pak
  lha pripun malih
  Bapak/Ibu yang terhormat
  kepada yth bapak ketua
  gotong royong hari minggu jam 7
  kerja bakti dibatalkan
  posyandu lansia hari kamis
  anak saya sekolah di SD
  ibu sedang masak
  saya tidak tahu
  sudah
  sampun
  sampun pak
  sudah pak, kemarin
  sudah makan belum
  sudah tidur
  hari ini panas sekali
  siap 86
  pak anak saya lulus sma
  saya baru pulang dari pasar
  kula tiyang ndeso
  warga minta sembako
  lansia di desa kami butuh bantuan kursi roda
  mohon doa restu
  data warga miskin sudah saya catat
  catatan kas rt bulan ini
  jembatan rusak parah
  kapan bantuan cair
  bantuan rtlh untuk warga saya bagaimana
  saya baca daftar penerima bansos
  nama saya tidak ada di daftar
  daftar tunggu haji masih lama
  saya ikut senang
  ikut berduka cita pak
  saya ikut pengajian
  gabung makan siang yuk
  anggota dprd datang ke desa
  anggota keluarga sakit
  saya lihat di tv ada psm
  orang tua saya sakit
  orang itu siapa
  petugas sensus datang ke rumah
  bapak petugas itu baik
  telepon saya rusak
  tanya kabar saja
  mau tanya pak
  saya mau tanya
  boleh tanya
  tanya dong
  pesan tempat untuk rapat
  pesan saya sudah dibaca belum
  kirim salam untuk bu lurah
  kirim foto kegiatan
  status facebook saya
  nomor antrian
  nomor rekening desa
  cek kesehatan gratis
  cek tensi di posyandu
  cek cok warga
  surat pengantar rt
  surat nikah hilang
  belum makan
  belum tahu
  belum bisa
  saya belum siap
  belum ada kabar
  halo ini bu siti
  selamat siang ini dari desa mana
  permisi numpang lewat
  bingung cari kerja
  warga bingung soal bpjs
  mulai besok saya libur
  kembali sehat
  mengulang sekolah
  batalkan saja rapatnya
  stop narkoba
  berhenti di lampu merah
  pak rt berhenti
  admin grup wa desa
  operator sekolah
  menu buka puasa
  cara membuat kompos
  syarat nikah apa saja
  syarat bikin ktp
  lihat pemandangan
  keluar rumah
  keluarga besar psm sehat selalu
  sudah jadi kakek
  jadi orang baik
  psm desa kami aktif
  anak saya lahir tadi malam
  bu lurah sedang rapat
  kami dari desa contoh
  sawah kami gagal panen
  minta hujan
  ayam saya hilang
  baru pulang pak
  baru makan
  daftar riwayat hidup
  anggota tni
  sk kelulusan anak
  cek ombak
  cek darah
  cek lokasi banjir
  status wa
  nomor togel
  nomor urut dua
  nomor kk saya
  terima gaji
  terima tamu
  pesan kopi
  pesan moral
  kirim doa
  kirim uang
  jangan lupa makan
  jangan khawatir
  jangan lupa besok rapat
  bukan saya pak
  bukan begitu
  petugas kebersihan
  petugas pemilu desa
  tanya alamat
  telepon genggam
  panggil dokter
  orang sakit
  ada orang
  ada tamu
  ikut rapat
  ikut serta
  bantu warga
  bantu korban banjir
  bingung saya pak lurah belum datang
  paham pak
  sudah paham
  saya paham
  cara masak
  lihat tv
  surat sakit
  surat jalan
  surat kuasa
  isi pulsa
  isi bensin
  link berita
  stop dulu hujan
  undangan rapat sudah sampai
  tidak ada masalah
  bukan masalah
  tidak masalah
  gak masalah pak
  masalah warga sudah selesai kemarin
  masalah air bersih di desa kami
  masalah keluarga tetangga
  masalahnya hujan terus
  pak rt punya masalah dengan tetangga
  tidak ada kendala
  kendalanya cuaca
  usul rapat hari senin saja
  usulan pak lurah sudah diterima
  usul bu ketua bagus
  keluhan pasien di puskesmas
  rakor kemarin ramai
  rakor baru saja selesai
  data warga sudah lengkap
  data bansos belum turun
  kirim data lansia besok
  nama saya Sri Contohwati
  nama saya tidak ada di daftar
  ganti oli motor
  ganti hari rapatnya
  pindah rumah
  tetangga saya pindah
  pindah tempat rapat
  saya pindah kerja ke pabrik
  nomor hp bu lurah
  nomor pak camat
  kartu nik hilang di pasar
  asli orang solo
  batik asli pekalongan
  siapa nama ketua
  siapa yang datang
  siapa ketua rt
  ini siapa yang pimpin rapat
  penipuan lewat telepon makin banyak
  warga saya kena penipuan
  awas penipuan
  resmi dibuka pak bupati
  peresmian balai desa
  dari mana asalnya
  dari mana saja boleh
  bot telegram
  percaya diri`);

/** Ordinary sentences that hold a request in passing: asking back is allowed, starting is not. */
export const asked: readonly string[] = lines(`
  bapak saya sudah meninggal
  camat mengundurkan diri dari jabatannya
  aktifkan hp
  konfirmasi kehadiran rapat
  jangan
  jangan berhenti
  tanggal lahir anak saya
  undangan nikah
  ubah jadwal rapat
  nomor ini salah sambung
  anggota di desa ini siapa saja
  hubungi saya
  apa itu sk?
  sk itu apa
  apa maksud sk
  SK siapa
  status saya
  sudah daftar
  saya sudah daftar kemarin
  daftar hadir
  daftar lansia
  daftar sk
  cek nomor
  surat saya
  petugas datang
  petugasnya siapa
  berhenti kerja
  pesan sudah saya terima
  kirim pesan lagi
  sk rusak
  sk belum terima
  kulo pingin nderek psm
  gabung grup
  ora ngerti kabare
  ada anggota baru di keluarga kami
  bagaimana cara pakai masker
  daftar belanja
  form daftar
  jadi anggota dpr
  registrasi ulang
  saya berminat jadi anggota psm
  sk cpns adik saya sudah turun
  sk sy ada tidak
  tidak paham agama
  apa syaratnya jadi psm
  gabung rapat
  mndaftar anggota br
  pripun ndaftare
  saya bantu angkat
  saya daftar bpjs
  saya tidak mau terima pesan
  sk tanah
  data penduduk desa
  saya asli semarang
  madu asli
  ijazah asli
  surat asli atau fotokopi`);

/** Polite words that must never be taken for a yes where a plain one is needed. */
export const noYes: readonly string[] = lines(`
  insya Allah
  insya Allah pak
  insya allah besok hadir
  ampun
  mbuh
  monggo
  monggo pak
  nanti dulu
  sebentar ya
  sik to
  terserah
  belum
  dereng pak
  amin
  alhamdulillah
  terima kasih
  matur nuwun
  sama-sama
  saya pikir-pikir dulu
  kulo pikir rumiyin
  kulo nderek mawon
  siap laksanakan
  siap, nanti saya sampaikan
  hadir
  hadir pak
  saya tidak tahu
  sudah makan belum
  apa kabar
  kabar baik
  orangnya baik sekali
  ini penipuan ya
  minta uang ya
  jangan berhenti
  saya di rumah
  🙏
  1
  Karanganyar
  Bener, Purworejo
  aamiin ya rabbal alamin
  lha pripun malih`);

function lines(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** The phrases with the flow each must start. */
export const startingRows: readonly (readonly [string, string])[] = Object.entries(starting).flatMap(
  ([flow, text]) => lines(text).map((phrase) => [phrase, flow] as const),
);
