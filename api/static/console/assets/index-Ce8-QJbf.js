var e=(function(){let e=typeof document<`u`&&document.createElement(`link`).relList;return e&&e.supports&&e.supports(`modulepreload`)?`modulepreload`:`preload`})(),t=function(e,t){return new URL(e,t).href},n={},r=function(e){return e.pathname.endsWith(`.css`)},i=function(e,t,n){if(t in e)return e[t];let r=n();if(!r){e[t]=void 0;return}let i=r.then(()=>{e[t]=void 0},n=>{throw e[t]=void 0,n});return e[t]=i,i},a=function(a,o,s){let c=Promise.resolve();if(o&&o.length>0){let a,l=document.querySelector(`meta[property=csp-nonce]`),u=(l==null?void 0:l.nonce)||(l==null?void 0:l.getAttribute(`nonce`));function d(e){return Promise.all(e.map(e=>Promise.resolve(e).then(e=>({status:`fulfilled`,value:e}),e=>({status:`rejected`,reason:e}))))}function f(e){return import.meta.resolve?new URL(import.meta.resolve(e)):new URL(e,import.meta.url)}c=d(o.map(o=>{o=t(o,s);let c=f(o),l=r(c);return i(n,c.href,()=>{if(a===void 0){a={all:new Set,styles:new Set};let e=document.getElementsByTagName(`link`);for(let t=e.length-1;t>=0;t--){let n=e[t];a.all.add(n.href),n.rel===`stylesheet`&&a.styles.add(n.href)}}if((l?a.styles:a.all).has(c.href))return;let t=document.createElement(`link`);if(t.rel=l?`stylesheet`:e,l||(t.as=`script`),t.crossOrigin=``,t.href=c.href,u&&t.setAttribute(`nonce`,u),document.head.appendChild(t),l)return new Promise((e,n)=>{let r=i=>{t.removeEventListener(`load`,r),t.removeEventListener(`error`,r),i.type===`error`?n(Error(`Unable to preload CSS for ${c}`)):e(i)};t.addEventListener(`load`,r),t.addEventListener(`error`,r)})})}).filter(e=>e!==void 0))}function l(e){let t=new Event(`vite:preloadError`,{cancelable:!0});if(t.payload=e,window.dispatchEvent(t),!t.defaultPrevented)throw e}return c.then(e=>{for(let t of e||[])t.status===`rejected`&&l(t.reason);return a().catch(l)})},o=`navmatch-language-changed`,s=`navmatch-language`,c=`专利导航需求匹配`,l=`zh-CN`,u={};function d(e,t={}){return(u[e]??e).replace(/\{(\w+)\}/g,(e,n)=>String(t[n]??e))}function f(){return l}async function p(){await ee(te())}async function m(e){try{localStorage.setItem(s,e)}catch{}await ee(e),window.dispatchEvent(new Event(o))}async function ee(e){u=e===`en`?(await a(async()=>{let{ENGLISH:e}=await import(`./en-ByRZCRVM.js`);return{ENGLISH:e}},[],import.meta.url)).ENGLISH:{},l=e,document.documentElement.lang=e,document.title=d(c)}function te(){try{return localStorage.getItem(s)===`en`?`en`:`zh-CN`}catch{return`zh-CN`}}var ne=globalThis,re=ne.ShadowRoot&&(ne.ShadyCSS===void 0||ne.ShadyCSS.nativeShadow)&&`adoptedStyleSheets`in Document.prototype&&`replace`in CSSStyleSheet.prototype,ie=Symbol(),ae=new WeakMap,oe=class{constructor(e,t,n){if(this._$cssResult$=!0,n!==ie)throw Error("CSSResult is not constructable. Use `unsafeCSS` or `css` instead.");this.cssText=e,this.t=t}get styleSheet(){let e=this.o,t=this.t;if(re&&e===void 0){let n=t!==void 0&&t.length===1;n&&(e=ae.get(t)),e===void 0&&((this.o=e=new CSSStyleSheet).replaceSync(this.cssText),n&&ae.set(t,e))}return e}toString(){return this.cssText}},se=e=>new oe(typeof e==`string`?e:e+``,void 0,ie),ce=(e,t)=>{if(re)e.adoptedStyleSheets=t.map(e=>e instanceof CSSStyleSheet?e:e.styleSheet);else for(let n of t){let t=document.createElement(`style`),r=ne.litNonce;r!==void 0&&t.setAttribute(`nonce`,r),t.textContent=n.cssText,e.appendChild(t)}},le=re?e=>e:e=>e instanceof CSSStyleSheet?(e=>{let t=``;for(let n of e.cssRules)t+=n.cssText;return se(t)})(e):e,{is:ue,defineProperty:de,getOwnPropertyDescriptor:fe,getOwnPropertyNames:pe,getOwnPropertySymbols:me,getPrototypeOf:he}=Object,ge=globalThis,_e=ge.trustedTypes,ve=_e?_e.emptyScript:``,ye=ge.reactiveElementPolyfillSupport,be=(e,t)=>e,xe={toAttribute(e,t){switch(t){case Boolean:e=e?ve:null;break;case Object:case Array:e=e==null?e:JSON.stringify(e)}return e},fromAttribute(e,t){let n=e;switch(t){case Boolean:n=e!==null;break;case Number:n=e===null?null:Number(e);break;case Object:case Array:try{n=JSON.parse(e)}catch{n=null}}return n}},Se=(e,t)=>!ue(e,t),Ce={attribute:!0,type:String,converter:xe,reflect:!1,useDefault:!1,hasChanged:Se};Symbol.metadata??=Symbol(`metadata`),ge.litPropertyMetadata??=new WeakMap;var we=class extends HTMLElement{static addInitializer(e){this._$Ei(),(this.l??=[]).push(e)}static get observedAttributes(){return this.finalize(),this._$Eh&&[...this._$Eh.keys()]}static createProperty(e,t=Ce){if(t.state&&(t.attribute=!1),this._$Ei(),this.prototype.hasOwnProperty(e)&&((t=Object.create(t)).wrapped=!0),this.elementProperties.set(e,t),!t.noAccessor){let n=Symbol(),r=this.getPropertyDescriptor(e,n,t);r!==void 0&&de(this.prototype,e,r)}}static getPropertyDescriptor(e,t,n){let{get:r,set:i}=fe(this.prototype,e)??{get(){return this[t]},set(e){this[t]=e}};return{get:r,set(t){let a=r==null?void 0:r.call(this);i==null||i.call(this,t),this.requestUpdate(e,a,n)},configurable:!0,enumerable:!0}}static getPropertyOptions(e){return this.elementProperties.get(e)??Ce}static _$Ei(){if(this.hasOwnProperty(be(`elementProperties`)))return;let e=he(this);e.finalize(),e.l!==void 0&&(this.l=[...e.l]),this.elementProperties=new Map(e.elementProperties)}static finalize(){if(this.hasOwnProperty(be(`finalized`)))return;if(this.finalized=!0,this._$Ei(),this.hasOwnProperty(be(`properties`))){let e=this.properties,t=[...pe(e),...me(e)];for(let n of t)this.createProperty(n,e[n])}let e=this[Symbol.metadata];if(e!==null){let t=litPropertyMetadata.get(e);if(t!==void 0)for(let[e,n]of t)this.elementProperties.set(e,n)}this._$Eh=new Map;for(let[e,t]of this.elementProperties){let n=this._$Eu(e,t);n!==void 0&&this._$Eh.set(n,e)}this.elementStyles=this.finalizeStyles(this.styles)}static finalizeStyles(e){let t=[];if(Array.isArray(e)){let n=new Set(e.flat(1/0).reverse());for(let e of n)t.unshift(le(e))}else e!==void 0&&t.push(le(e));return t}static _$Eu(e,t){let n=t.attribute;return!1===n?void 0:typeof n==`string`?n:typeof e==`string`?e.toLowerCase():void 0}constructor(){super(),this._$Ep=void 0,this.isUpdatePending=!1,this.hasUpdated=!1,this._$Em=null,this._$Ev()}_$Ev(){var e;this._$ES=new Promise(e=>this.enableUpdating=e),this._$AL=new Map,this._$E_(),this.requestUpdate(),(e=this.constructor.l)==null||e.forEach(e=>e(this))}addController(e){var t;(this._$EO??=new Set).add(e),this.renderRoot!==void 0&&this.isConnected&&((t=e.hostConnected)==null||t.call(e))}removeController(e){var t;(t=this._$EO)==null||t.delete(e)}_$E_(){let e=new Map,t=this.constructor.elementProperties;for(let n of t.keys())this.hasOwnProperty(n)&&(e.set(n,this[n]),delete this[n]);e.size>0&&(this._$Ep=e)}createRenderRoot(){let e=this.shadowRoot??this.attachShadow(this.constructor.shadowRootOptions);return ce(e,this.constructor.elementStyles),e}connectedCallback(){var e;this.renderRoot??=this.createRenderRoot(),this.enableUpdating(!0),(e=this._$EO)==null||e.forEach(e=>{var t;return(t=e.hostConnected)==null?void 0:t.call(e)})}enableUpdating(e){}disconnectedCallback(){var e;(e=this._$EO)==null||e.forEach(e=>{var t;return(t=e.hostDisconnected)==null?void 0:t.call(e)})}attributeChangedCallback(e,t,n){this._$AK(e,n)}_$ET(e,t){let n=this.constructor.elementProperties.get(e),r=this.constructor._$Eu(e,n);if(r!==void 0&&!0===n.reflect){var i;let a=(((i=n.converter)==null?void 0:i.toAttribute)===void 0?xe:n.converter).toAttribute(t,n.type);this._$Em=e,a==null?this.removeAttribute(r):this.setAttribute(r,a),this._$Em=null}}_$AK(e,t){let n=this.constructor,r=n._$Eh.get(e);if(r!==void 0&&this._$Em!==r){var i,a;let e=n.getPropertyOptions(r),o=typeof e.converter==`function`?{fromAttribute:e.converter}:((i=e.converter)==null?void 0:i.fromAttribute)===void 0?xe:e.converter;this._$Em=r;let s=o.fromAttribute(t,e.type);this[r]=s??((a=this._$Ej)==null?void 0:a.get(r))??s,this._$Em=null}}requestUpdate(e,t,n,r=!1,i){if(e!==void 0){var a;let o=this.constructor;if(!1===r&&(i=this[e]),n??=o.getPropertyOptions(e),!((n.hasChanged??Se)(i,t)||n.useDefault&&n.reflect&&i===((a=this._$Ej)==null?void 0:a.get(e))&&!this.hasAttribute(o._$Eu(e,n))))return;this.C(e,t,n)}!1===this.isUpdatePending&&(this._$ES=this._$EP())}C(e,t,{useDefault:n,reflect:r,wrapped:i},a){n&&!(this._$Ej??=new Map).has(e)&&(this._$Ej.set(e,a??t??this[e]),!0!==i||a!==void 0)||(this._$AL.has(e)||(this.hasUpdated||n||(t=void 0),this._$AL.set(e,t)),!0===r&&this._$Em!==e&&(this._$Eq??=new Set).add(e))}async _$EP(){this.isUpdatePending=!0;try{await this._$ES}catch(e){Promise.reject(e)}let e=this.scheduleUpdate();return e!=null&&await e,!this.isUpdatePending}scheduleUpdate(){return this.performUpdate()}performUpdate(){if(!this.isUpdatePending)return;if(!this.hasUpdated){if(this.renderRoot??=this.createRenderRoot(),this._$Ep){for(let[e,t]of this._$Ep)this[e]=t;this._$Ep=void 0}let e=this.constructor.elementProperties;if(e.size>0)for(let[t,n]of e){let{wrapped:e}=n,r=this[t];!0!==e||this._$AL.has(t)||r===void 0||this.C(t,void 0,n,r)}}let e=!1,t=this._$AL;try{var n;e=this.shouldUpdate(t),e?(this.willUpdate(t),(n=this._$EO)==null||n.forEach(e=>{var t;return(t=e.hostUpdate)==null?void 0:t.call(e)}),this.update(t)):this._$EM()}catch(t){throw e=!1,this._$EM(),t}e&&this._$AE(t)}willUpdate(e){}_$AE(e){var t;(t=this._$EO)==null||t.forEach(e=>{var t;return(t=e.hostUpdated)==null?void 0:t.call(e)}),this.hasUpdated||(this.hasUpdated=!0,this.firstUpdated(e)),this.updated(e)}_$EM(){this._$AL=new Map,this.isUpdatePending=!1}get updateComplete(){return this.getUpdateComplete()}getUpdateComplete(){return this._$ES}shouldUpdate(e){return!0}update(e){this._$Eq&&=this._$Eq.forEach(e=>this._$ET(e,this[e])),this._$EM()}updated(e){}firstUpdated(e){}};we.elementStyles=[],we.shadowRootOptions={mode:`open`},we[be(`elementProperties`)]=new Map,we[be(`finalized`)]=new Map,ye==null||ye({ReactiveElement:we}),(ge.reactiveElementVersions??=[]).push(`2.1.2`);var Te=globalThis,Ee=e=>e,De=Te.trustedTypes,Oe=De?De.createPolicy(`lit-html`,{createHTML:e=>e}):void 0,ke=`$lit$`,h=`lit$${Math.random().toFixed(9).slice(2)}$`,Ae=`?`+h,je=`<${Ae}>`,Me=document,Ne=()=>Me.createComment(``),Pe=e=>e===null||typeof e!=`object`&&typeof e!=`function`,Fe=Array.isArray,Ie=e=>Fe(e)||typeof(e==null?void 0:e[Symbol.iterator])==`function`,Le=`[ 	
\f\r]`,Re=/<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g,ze=/-->/g,Be=/>/g,g=RegExp(`>|${Le}(?:([^\\s"'>=/]+)(${Le}*=${Le}*(?:[^ \t\n\f\r"'\`<>=]|("|')|))|$)`,`g`),Ve=/'/g,He=/"/g,Ue=/^(?:script|style|textarea|title)$/i,_=(e=>(t,...n)=>({_$litType$:e,strings:t,values:n}))(1),v=Symbol.for(`lit-noChange`),y=Symbol.for(`lit-nothing`),We=new WeakMap,Ge=Me.createTreeWalker(Me,129);function Ke(e,t){if(!Fe(e)||!e.hasOwnProperty(`raw`))throw Error(`invalid template strings array`);return Oe===void 0?t:Oe.createHTML(t)}var qe=(e,t)=>{let n=e.length-1,r=[],i,a=t===2?`<svg>`:t===3?`<math>`:``,o=Re;for(let t=0;t<n;t++){let n=e[t],s,c,l=-1,u=0;for(;u<n.length&&(o.lastIndex=u,c=o.exec(n),c!==null);)u=o.lastIndex,o===Re?c[1]===`!--`?o=ze:c[1]===void 0?c[2]===void 0?c[3]!==void 0&&(o=g):(Ue.test(c[2])&&(i=RegExp(`</`+c[2],`g`)),o=g):o=Be:o===g?c[0]===`>`?(o=i??Re,l=-1):c[1]===void 0?l=-2:(l=o.lastIndex-c[2].length,s=c[1],o=c[3]===void 0?g:c[3]===`"`?He:Ve):o===He||o===Ve?o=g:o===ze||o===Be?o=Re:(o=g,i=void 0);let d=o===g&&e[t+1].startsWith(`/>`)?` `:``;a+=o===Re?n+je:l>=0?(r.push(s),n.slice(0,l)+ke+n.slice(l)+h+d):n+h+(l===-2?t:d)}return[Ke(e,a+(e[n]||`<?>`)+(t===2?`</svg>`:t===3?`</math>`:``)),r]},Je=class e{constructor({strings:t,_$litType$:n},r){let i;this.parts=[];let a=0,o=0,s=t.length-1,c=this.parts,[l,u]=qe(t,n);if(this.el=e.createElement(l,r),Ge.currentNode=this.el.content,n===2||n===3){let e=this.el.content.firstChild;e.replaceWith(...e.childNodes)}for(;(i=Ge.nextNode())!==null&&c.length<s;){if(i.nodeType===1){if(i.hasAttributes())for(let e of i.getAttributeNames())if(e.endsWith(ke)){let t=u[o++],n=i.getAttribute(e).split(h),r=/([.?@])?(.*)/.exec(t);c.push({type:1,index:a,name:r[2],strings:n,ctor:r[1]===`.`?$e:r[1]===`?`?et:r[1]===`@`?tt:Qe}),i.removeAttribute(e)}else e.startsWith(h)&&(c.push({type:6,index:a}),i.removeAttribute(e));if(Ue.test(i.tagName)){let e=i.textContent.split(h),t=e.length-1;if(t>0){i.textContent=De?De.emptyScript:``;for(let n=0;n<t;n++)i.append(e[n],Ne()),Ge.nextNode(),c.push({type:2,index:++a});i.append(e[t],Ne())}}}else if(i.nodeType===8){if(i.data===Ae)c.push({type:2,index:a});else{let e=-1;for(;(e=i.data.indexOf(h,e+1))!==-1;)c.push({type:7,index:a}),e+=h.length-1}}a++}}static createElement(e,t){let n=Me.createElement(`template`);return n.innerHTML=e,n}};function Ye(e,t,n=e,r){var i,a;if(t===v)return t;let o=r===void 0?n._$Cl:(i=n._$Co)==null?void 0:i[r],s=Pe(t)?void 0:t._$litDirective$;return(o==null?void 0:o.constructor)!==s&&(o==null||(a=o._$AO)==null||a.call(o,!1),s===void 0?o=void 0:(o=new s(e),o._$AT(e,n,r)),r===void 0?n._$Cl=o:(n._$Co??=[])[r]=o),o!==void 0&&(t=Ye(e,o._$AS(e,t.values),o,r)),t}var Xe=class{constructor(e,t){this._$AV=[],this._$AN=void 0,this._$AD=e,this._$AM=t}get parentNode(){return this._$AM.parentNode}get _$AU(){return this._$AM._$AU}u(e){let{el:{content:t},parts:n}=this._$AD,r=((e==null?void 0:e.creationScope)??Me).importNode(t,!0);Ge.currentNode=r;let i=Ge.nextNode(),a=0,o=0,s=n[0];for(;s!==void 0;){if(a===s.index){let t;s.type===2?t=new Ze(i,i.nextSibling,this,e):s.type===1?t=new s.ctor(i,s.name,s.strings,this,e):s.type===6&&(t=new nt(i,this,e)),this._$AV.push(t),s=n[++o]}a!==(s==null?void 0:s.index)&&(i=Ge.nextNode(),a++)}return Ge.currentNode=Me,r}p(e){let t=0;for(let n of this._$AV)n!==void 0&&(n.strings===void 0?n._$AI(e[t]):(n._$AI(e,n,t),t+=n.strings.length-2)),t++}},Ze=class e{get _$AU(){var e;return((e=this._$AM)==null?void 0:e._$AU)??this._$Cv}constructor(e,t,n,r){this.type=2,this._$AH=y,this._$AN=void 0,this._$AA=e,this._$AB=t,this._$AM=n,this.options=r,this._$Cv=(r==null?void 0:r.isConnected)??!0}get parentNode(){let e=this._$AA.parentNode,t=this._$AM;return t!==void 0&&(e==null?void 0:e.nodeType)===11&&(e=t.parentNode),e}get startNode(){return this._$AA}get endNode(){return this._$AB}_$AI(e,t=this){e=Ye(this,e,t),Pe(e)?e===y||e==null||e===``?(this._$AH!==y&&this._$AR(),this._$AH=y):e!==this._$AH&&e!==v&&this._(e):e._$litType$===void 0?e.nodeType===void 0?Ie(e)?this.k(e):this._(e):this.T(e):this.$(e)}O(e){return this._$AA.parentNode.insertBefore(e,this._$AB)}T(e){this._$AH!==e&&(this._$AR(),this._$AH=this.O(e))}_(e){this._$AH!==y&&Pe(this._$AH)?this._$AA.nextSibling.data=e:this.T(Me.createTextNode(e)),this._$AH=e}$(e){var t;let{values:n,_$litType$:r}=e,i=typeof r==`number`?this._$AC(e):(r.el===void 0&&(r.el=Je.createElement(Ke(r.h,r.h[0]),this.options)),r);if(((t=this._$AH)==null?void 0:t._$AD)===i)this._$AH.p(n);else{let e=new Xe(i,this),t=e.u(this.options);e.p(n),this.T(t),this._$AH=e}}_$AC(e){let t=We.get(e.strings);return t===void 0&&We.set(e.strings,t=new Je(e)),t}k(t){Fe(this._$AH)||(this._$AH=[],this._$AR());let n=this._$AH,r,i=0;for(let a of t)i===n.length?n.push(r=new e(this.O(Ne()),this.O(Ne()),this,this.options)):r=n[i],r._$AI(a),i++;i<n.length&&(this._$AR(r&&r._$AB.nextSibling,i),n.length=i)}_$AR(e=this._$AA.nextSibling,t){var n;for((n=this._$AP)==null||n.call(this,!1,!0,t);e!==this._$AB;){let t=Ee(e).nextSibling;Ee(e).remove(),e=t}}setConnected(e){var t;this._$AM===void 0&&(this._$Cv=e,(t=this._$AP)==null||t.call(this,e))}},Qe=class{get tagName(){return this.element.tagName}get _$AU(){return this._$AM._$AU}constructor(e,t,n,r,i){this.type=1,this._$AH=y,this._$AN=void 0,this.element=e,this.name=t,this._$AM=r,this.options=i,n.length>2||n[0]!==``||n[1]!==``?(this._$AH=Array(n.length-1).fill(new String),this.strings=n):this._$AH=y}_$AI(e,t=this,n,r){let i=this.strings,a=!1;if(i===void 0)e=Ye(this,e,t,0),a=!Pe(e)||e!==this._$AH&&e!==v,a&&(this._$AH=e);else{let r=e,o,s;for(e=i[0],o=0;o<i.length-1;o++)s=Ye(this,r[n+o],t,o),s===v&&(s=this._$AH[o]),a||=!Pe(s)||s!==this._$AH[o],s===y?e=y:e!==y&&(e+=(s??``)+i[o+1]),this._$AH[o]=s}a&&!r&&this.j(e)}j(e){e===y?this.element.removeAttribute(this.name):this.element.setAttribute(this.name,e??``)}},$e=class extends Qe{constructor(){super(...arguments),this.type=3}j(e){this.element[this.name]=e===y?void 0:e}},et=class extends Qe{constructor(){super(...arguments),this.type=4}j(e){this.element.toggleAttribute(this.name,!!e&&e!==y)}},tt=class extends Qe{constructor(e,t,n,r,i){super(e,t,n,r,i),this.type=5}_$AI(e,t=this){if((e=Ye(this,e,t,0)??y)===v)return;let n=this._$AH,r=e===y&&n!==y||e.capture!==n.capture||e.once!==n.once||e.passive!==n.passive,i=e!==y&&(n===y||r);r&&this.element.removeEventListener(this.name,this,n),i&&this.element.addEventListener(this.name,this,e),this._$AH=e}handleEvent(e){var t;typeof this._$AH==`function`?this._$AH.call(((t=this.options)==null?void 0:t.host)??this.element,e):this._$AH.handleEvent(e)}},nt=class{constructor(e,t,n){this.element=e,this.type=6,this._$AN=void 0,this._$AM=t,this.options=n}get _$AU(){return this._$AM._$AU}_$AI(e){Ye(this,e)}},rt={M:ke,P:h,A:Ae,C:1,L:qe,R:Xe,D:Ie,V:Ye,I:Ze,H:Qe,N:et,U:tt,B:$e,F:nt},it=Te.litHtmlPolyfillSupport;it==null||it(Je,Ze),(Te.litHtmlVersions??=[]).push(`3.3.3`);var at=(e,t,n)=>{let r=(n==null?void 0:n.renderBefore)??t,i=r._$litPart$;if(i===void 0){let e=(n==null?void 0:n.renderBefore)??null;r._$litPart$=i=new Ze(t.insertBefore(Ne(),e),e,void 0,n??{})}return i._$AI(e),i},ot,st=globalThis,ct=class extends we{constructor(){super(...arguments),this.renderOptions={host:this},this._$Do=void 0}createRenderRoot(){let e=super.createRenderRoot();return this.renderOptions.renderBefore??=e.firstChild,e}update(e){let t=this.render();this.hasUpdated||(this.renderOptions.isConnected=this.isConnected),super.update(e),this._$Do=at(t,this.renderRoot,this.renderOptions)}connectedCallback(){var e;super.connectedCallback(),(e=this._$Do)==null||e.setConnected(!0)}disconnectedCallback(){var e;super.disconnectedCallback(),(e=this._$Do)==null||e.setConnected(!1)}render(){return v}};ct._$litElement$=!0,ct.finalized=!0,(ot=st.litElementHydrateSupport)==null||ot.call(st,{LitElement:ct});var lt=st.litElementPolyfillSupport;lt==null||lt({LitElement:ct}),(st.litElementVersions??=[]).push(`4.2.2`);var b=e=>(t,n)=>{n===void 0?customElements.define(e,t):n.addInitializer(()=>{customElements.define(e,t)})},ut={attribute:!0,type:String,converter:xe,reflect:!1,hasChanged:Se},dt=(e=ut,t,n)=>{let{kind:r,metadata:i}=n,a=globalThis.litPropertyMetadata.get(i);if(a===void 0&&globalThis.litPropertyMetadata.set(i,a=new Map),r===`setter`&&((e=Object.create(e)).wrapped=!0),a.set(n.name,e),r===`accessor`){let{name:r}=n;return{set(n){let i=t.get.call(this);t.set.call(this,n),this.requestUpdate(r,i,e,!0,n)},init(t){return t!==void 0&&this.C(r,void 0,e,t),t}}}if(r===`setter`){let{name:r}=n;return function(n){let i=this[r];t.call(this,n),this.requestUpdate(r,i,e,!0,n)}}throw Error(`Unsupported decorator location: `+r)};function x(e){return(t,n)=>typeof n==`object`?dt(e,t,n):((e,t,n)=>{let r=t.hasOwnProperty(n);return t.constructor.createProperty(n,e),r?Object.getOwnPropertyDescriptor(t,n):void 0})(e,t,n)}function S(e){return x({...e,state:!0,attribute:!1})}var ft=`X-Navmatch-Version`,pt=`X-Navmatch-Min-Version`,mt=`navmatch-version`,ht=new Set([`version_not_yet`,`version_unknown`]),gt=`navmatch-signed-out`,_t=new Set([`unauthenticated`,`credential_refused`]),C=class extends Error{constructor(e){super(e.title),this.title=e.title,this.code=e.code,this.detail=e.detail??``,this.errors=e.errors??[],this.requestId=e.request_id??``}};async function w(e,t,n={}){let{body:r,file:i,query:a,signal:o}=n,s={Accept:`application/json`};(i||r!==void 0)&&(s[`Content-Type`]=(i==null?void 0:i.type)??`application/json`);let c=t+bt(a),l={method:e,headers:s,body:i??(r===void 0?void 0:JSON.stringify(r)),signal:o},u=Tt();u&&(s[pt]=u);try{return await xt(c,l)}catch(e){if(!u||!(e instanceof C)||!ht.has(e.code))throw e;return delete s[pt],e.code===`version_unknown`&&Et(null),await xt(c,l)}}async function vt(e){try{let t=await fetch(e);t.ok||wt(t,await t.text());let n=/filename\*=UTF-8''([^;]+)/.exec(t.headers.get(`Content-Disposition`)??``);return{name:n?decodeURIComponent(n[1]):`export`,content:await t.blob()}}catch(e){throw Ct(e)}}function yt(e){return e instanceof DOMException&&e.name===`AbortError`}function bt(e={}){let t=new URLSearchParams;for(let[n,r]of Object.entries(e))if(r!=null&&r!==``)for(let e of Array.isArray(r)?r:[r])t.append(n,String(e));let n=t.toString();return n?`?${n}`:``}async function xt(e,t){try{let n=await fetch(e,t),r=wt(n,await n.text());return Et(n.headers.get(ft)??(r==null?void 0:r.version)),r}catch(e){throw t.body===void 0?St(Ct(e)):Ct(e)}}function St(e){if(!(e instanceof C)||e.code!==`deadline`)return e;let{title:t,code:n,requestId:r}=e;return new C({title:t,code:n,detail:d(`已停止处理，请稍后重试。`),request_id:r})}function Ct(e){return yt(e)||e instanceof C?e:new C({title:d(`连不上服务`),code:`network`,detail:d(`请确认服务正在运行、网络可用，然后重试。填写的内容仍在页面上。`)})}function wt(e,t){let n=null;try{n=t?JSON.parse(t):null}catch{n=null}if(e.ok)return n;let r=n;throw r!=null&&r.code&&r.title?(_t.has(r.code)&&window.dispatchEvent(new Event(gt)),new C(r)):new C({title:d(`服务没有正常答复`),code:`http_${e.status}`,detail:d(`请稍后重试；反复出现时请把代码告诉管理员。`)})}function Tt(){try{return sessionStorage.getItem(mt)}catch{return null}}function Et(e){try{if(e===null&&sessionStorage.removeItem(mt),typeof e!=`string`)return;Dt(e)>=Dt(Tt()??`0`)&&sessionStorage.setItem(mt,e)}catch{}}function Dt(e){return Number.parseInt(e.slice(e.indexOf(`.`)+1),10)||0}var Ot=`navmatch-taxonomy-changed`,kt=class e{constructor(e){this.labels=new Map,this.taxonomy=e,this.provinces=e.regions.filter(({level:e})=>e===`province`).map(Mt);for(let[t,n]of Object.entries(e.choices))this.labels.set(t,new Map(n.map(({value:e,label:t})=>[e,t])))}static async load(){return new e(await w(`GET`,`/v1/taxonomy`))}get scenarios(){let{fields:e,reject:t}=this.taxonomy.scenarios;return[...e.flatMap(e=>e.scenarios.map(t=>jt(t,At()?e.en:e.zh))),jt(t,d(`不参加匹配，另给去处建议`))]}get industries(){let e=new Map(this.taxonomy.industries.map(({code:e,name:t})=>[e,t]));return this.taxonomy.industries.map(({code:t,name:n,parent:r})=>({code:t,name:n,hint:r?e.get(r):d(`大类`)}))}async findRegions(e){return e?(await w(`GET`,`/v1/taxonomy/regions`,{query:{text:e}})).map(Mt):this.provinces}async findClasses(e){return(await w(`GET`,`/v1/taxonomy/industries`,{query:{scheme:`gb4754`,text:e}})).map(({code:e,name:t})=>({code:e,name:t,hint:e}))}async regionName(e){var t;let n=/^\d+$/.test(e)?e.padEnd(6,`0`):e,r=this.taxonomy.regions.find(e=>e.code===n);return r||!/^\d{6}$/.test(n)?(r==null?void 0:r.full_name)??e:((t=(await w(`GET`,`/v1/taxonomy/regions`,{query:{parent:n.endsWith(`00`)?`${n.slice(0,2)}0000`:`${n.slice(0,4)}00`}})).find(e=>e.code===n))==null?void 0:t.full_name)??e}scenarioName(e,t=e){let{fields:n,reject:r}=this.taxonomy.scenarios,i=[...n,...n.flatMap(({scenarios:e})=>e),r].find(t=>t.code===e);return At()&&(i==null?void 0:i.en)||(i==null?void 0:i.zh)||t}industryName(e){var t;return((t=this.taxonomy.industries.find(t=>t.code===e))==null?void 0:t.name)??e}label(e,t){var n;return d(((n=this.labels.get(e))==null?void 0:n.get(t))??t)}choices(e){return Array.from(this.labels.get(e)??[],([e,t])=>({code:e,name:d(t)}))}};function At(){return f()===`en`}function jt({code:e,zh:t,en:n,triggers:r},i){return{code:e,name:At()&&n?n:t,hint:i,search:`${t} ${r.join(` `)}`}}function Mt({code:e,full_name:t}){return{code:e,name:t,hint:e}}var Nt=new Set([`unauthenticated`,`credential_refused`]);async function Pt(){try{return await w(`GET`,`/v1/session`)}catch(e){if(e instanceof C&&Nt.has(e.code))return null;throw e}}function Ft(e,t,n){return w(`POST`,`/v1/session`,{body:{login:e,password:t,...n?{code:n}:{}}})}async function It(){try{await w(`DELETE`,`/v1/session`)}catch(e){if(!(e instanceof C))throw e}}function T(e,t){return!!(e!=null&&e.may.includes(t))}function Lt(e){return e.role.startsWith(`provider_`)}function Rt(e){return e.role.startsWith(`base_`)}function E(e){return e.role.endsWith(`operator`)}var zt=[{name:`企业：出口风险`,text:`烧结钕铁硼磁体出口德国侵权风险排查
我公司在宁波，明年起向德国两家电机厂供应烧结钕铁硼磁体。请对晶界扩散、重稀土减量和表面镀层三处工艺做专利侵权风险排查，逐项比对权利要求，提出规避设计建议，交付分析报告和风险专利名单。预算30-50万元，三个月内完成，服务团队不少于5人，做过磁性材料项目的优先。`,question:`董事会据此决定是否按现有工艺签供货合同。`},{name:`政府：产业链`,text:`漂浮式海上风电产业链短板分析
湛江市拟摸清漂浮式海上风电产业链的家底：浮体、系泊、动态电缆和整机四个环节，哪里是短板，国内外哪些企业和团队能补上。请用专利数据画出产业链图谱，列出可引进的企业名单，形成导航分析报告。经费不超过60万元，半年内交付。`,question:`市发改部门据此编制补链招商计划。`},{name:`说得含糊的`,text:`想做点新能源方面的专利分析，看看有没有什么机会，希望尽快，预算好商量，找个有经验的团队聊聊。`},{name:`不属于导航的`,text:`委托办理商标续展和专利年费代缴
公司有三件注册商标下半年到期，另有十二件实用新型专利要交年费，想找一家代理机构统一代办，请报价并说明办理时间。`}];function D(e,...t){return _`<div class="notice">
    <h4>${e}</h4>
    ${t}
  </div>`}function O(e,t){let n=e.requestId?d(`，请求编号：{id}`,{id:e.requestId}):``;return _`<div class="notice problem">
    <h4>${e.title}</h4>
    ${e.detail?_`<p>${e.detail}</p>`:y}
    ${A(e.errors.map(({message:e})=>e))}
    <p class="code">${d(`代码：{code}`,{code:e.code})}${n}</p>
    ${t?_`<button type="button" class="small" @click=${t}>${d(`重试`)}</button>`:y}
  </div>`}function k(e,...t){return _`<div class="empty">
    <p><strong>${e}</strong></p>
    ${t.map(e=>_`<p class="hint">${e}</p>`)}
  </div>`}function A(e){return e.length?_`<ul class="points">${e.map(e=>_`<li>${e}</li>`)}</ul>`:y}var j=class{constructor(e){this.answer=null,this.problem=null,this.isBusy=!1,this.current=null,this.again=null,this.host=e,e.addController(this)}hostDisconnected(){this.stop()}async ask(e){this.stop();let t=new AbortController;this.current=t,this.again=()=>void this.ask(e),this.isBusy=!0,this.problem=null,this.host.requestUpdate();try{let n=await e(t.signal);if(this.current!==t)return!1;this.answer=n}catch(e){if(yt(e)||this.current!==t)return!1;if(!(e instanceof C))throw e;this.problem=e}finally{this.current===t&&(this.isBusy=!1,this.host.requestUpdate())}return this.problem===null}stop(){var e;(e=this.current)==null||e.abort(),this.current=null,this.isBusy=!1}forget(){this.stop(),this.answer=null,this.problem=null,this.host.requestUpdate()}render(e){return this.problem?O(this.problem,this.again??void 0):this.answer===null?this.isBusy?_`<p class="loading">${d(`正在载入……`)}</p>`:_``:_`<div class=${this.isBusy?`busy`:``} aria-busy=${this.isBusy?`true`:`false`}>
      ${e(this.answer)}
    </div>`}},Bt=[`public`,`platform`,`region`,`bases`,`invited`,`private`],Vt=[`open`,`masked`,`restricted`];function Ht(e){return{public:d(`任何人都看得到，不登录也行；也会出现在嵌入了本平台内容的网站上。`),platform:d(`登录本平台的各单位都看得到；不登录看不到，也不会出现在别的网站上。`),region:d(`与贵单位同一省份的单位看得到，其他省份的看不到。`),bases:d(`各服务基地看得到；服务机构看不到，邀请了也看不到。`),invited:d(`只有贵单位邀请了的机构看得到；在匹配结果里点“邀请”。`),private:d(`别的单位都看不到，邀请了也看不到；可以先自己看匹配，再改大范围。`)}[e]??``}function Ut(e){return{open:d(`看得到需求的人，也看得到服务对象是哪一类单位；使用单位是谁，要双方有意之后才告诉对方。`),masked:d(`服务对象是哪一类单位也不显示；登记了使用单位的，标题和正文里不能写出它的名称。双方有意之后才告诉对方。`),restricted:d(`可见范围不能选“公开”；会议报告上注明按此范围保管和分发。国家秘密一律不得录入。`)}[e]??``}function Wt(e){return{public:d(`任何人都看得到，不登录也行；也会出现在嵌入了本平台内容的网站上。`),platform:d(`登录本平台的各单位都看得到，都可以匹配到；不登录看不到。`),region:d(`与贵机构同一省份的单位看得到、匹配得到，其他省份的不行。`),bases:d(`各服务基地看得到、匹配得到，别的服务机构看不到。`),invited:d(`只有与贵机构双方有意的单位看得到；不会推荐给别的需求。`),private:d(`只有贵机构看得到；不会推荐给任何需求。`)}[e]??``}var Gt=1e6,Kt=30;function qt(e){return Yt(e).join(` `)}function Jt(e,t){let[n,r]=Yt(e);return d(`{least} 至 {most}`,{least:r===Yt(t)[1]?n:qt(e),most:qt(t)})}function Yt(e){if(f()===`en`)return[(e/100).toLocaleString(`en`),`yuan`];let t=e>=Gt,n=t?e/Gt:e/100;return[Number(n.toFixed(4)).toLocaleString(`zh-CN`),t?`万元`:`元`]}function Xt(e,t){let{kind:n,min_fen:r,max_fen:i}=e;return n===`range`&&r!==null?i===null?d(`{least} 以上`,{least:qt(r)}):Jt(r,i):n===`ceiling`&&i!==null?d(`不超过 {most}`,{most:qt(i)}):n===`fixed`&&i!==null?qt(i):t}function Zt({min_days:e,max_days:t}){let n=t>=60?d(`（约 {n} 个月）`,{n:Math.round(t/Kt)}):``;return e&&e!==t?d(`{least} 至 {most} 天`,{least:e,most:t})+n:d(`{most} 天`,{most:t})+n}function M(e){return e?new Date(e).toLocaleString(f(),{timeZone:`Asia/Shanghai`,year:`numeric`,month:`2-digit`,day:`2-digit`,hour:`2-digit`,minute:`2-digit`,hour12:!1}):``}function Qt(e){return`“${e}”`}function $t(e,t){let n=Array.from(e),r=[],i=0;for(let{start:e,end:a}of en(t,n.length))e>i&&r.push({text:n.slice(i,e).join(``),isMarked:!1}),r.push({text:n.slice(e,a).join(``),isMarked:!0}),i=a;return i<n.length&&r.push({text:n.slice(i).join(``),isMarked:!1}),r}function en(e,t){let n=[],r=e.map(({start:e,end:n})=>({start:Math.max(0,e),end:Math.min(t,n)})).filter(({start:e,end:t})=>e<t).sort((e,t)=>e.start-t.start||e.end-t.end);for(let e of r){let t=n[n.length-1];t&&e.start<=t.end?t.end=Math.max(t.end,e.end):n.push({...e})}return n}function tn(e){return d(`（{words}）`,{words:e})}function nn(e,t){return d(`{name}：{words}`,{name:e,words:t})}var rn=.999;function an(e){return{strong:d(`强`),good:d(`较强`),fair:d(`一般`),weak:d(`弱`)}[e]}function on(e){return{met:d(`满足`),unmet:d(`不满足`),unknown:d(`待核实`)}[e]}function sn(e){return e.organisation&&e.item.kind!==`demand`?e.organisation.name:e.item.title}function cn(e){return _`<span class="band ${e}"><span class="unseen">${d(`匹配程度：`)}</span>${an(e)}</span>`}function ln(e){return _`<span class="outcome ${{met:`met`,unmet:`unmet`,unknown:`unsure`}[e]}">${on(e)}</span>`}function un(e,t){let n=e.explanation,r=sn(e);return _`<article class="card" aria-label=${e.rank?d(`第 {rank} 位：{name}`,{rank:e.rank,name:r}):r}>
    <header>
      ${e.rank?_`<span class="rank"><span class="unseen">${d(`排名`)}</span>${e.rank}</span>`:y}
      <h3>${r}</h3>
      ${cn(e.band)}
    </header>
    ${e.item.kind===`demand`?y:_`<p class="capability">${e.item.title}</p>`}
    <p class="about">${dn(e)}</p>
    ${fn(e)}
    ${n?_`<p class="summary">${n.summary}</p>${pn(n)}${hn(e,n,t)}`:y}
    ${t.actions?_`<div class="actions">${t.actions(e)}</div>`:y}
  </article>`}function dn({organisation:e,item:t,others:n}){let r=t.tags.filter(({scheme:e})=>e!==`gb4754`).map(({name:e})=>e),i=n.length?d(`另有 {n} 项能力也相关`,{n:n.length}):``;return[(e==null?void 0:e.region_name)??t.region_name,...r,i].filter(Boolean).join(`　·　`)}function fn({near_duplicates:e}){return e.length?_`<p class="hint">${d(`另有 {n} 条内容近乎相同的结果并入了这一条：{keys}`,{n:e.length,keys:e.join(d(`、`))})}</p>`:y}function pn(e){return _`<div class="grounds">
    ${mn(`for`,d(`支持`),e.reasons_for,d(`没有明显的支持理由。`))}
    ${mn(`against`,d(`不利`),e.reasons_against,d(`没有发现。`))}
    ${mn(`unknown`,d(`待核实`),e.unknowns,d(`没有。`))}
  </div>`}function mn(e,t,n,r){return _`<section class=${e}>
    <h4>${t}</h4>
    ${n.length?A(n.map(({text:e})=>e)):_`<p class="none">${r}</p>`}
  </section>`}function hn(e,t,{isOpen:n,sides:r}){return _`<details ?open=${n}>
    <summary>${d(`依据：资格核对、原文对照、分项贡献`)}</summary>
    ${gn(e.rules)}
    ${t.sentence_pair?_n(t,t.sentence_pair,r):y}
    ${yn(e)}
  </details>`}function gn(e){return e.length?_`<table class="rules">
    <caption class="unseen">${d(`资格核对`)}</caption>
    <thead>
      <tr><th scope="col">${d(`要求`)}</th><th scope="col">${d(`结果`)}</th><th scope="col">${d(`事实与来源`)}</th></tr>
    </thead>
    <tbody>
      ${e.map(e=>_`<tr>
          <th scope="row">${e.title}${e.strength===`prefer`?d(`（优先条件）`):``}</th>
          <td>${ln(e.outcome)}</td>
          <td>${e.fact}<span class="source because">${d(`来源：{source}`,{source:e.source})}</span></td>
        </tr>`)}
    </tbody>
  </table>`:_`<p class="hint">${d(`这条需求没有需要逐项核对的资格条件。`)}</p>`}function _n(e,t,n){let[r,i]=n===`demand-provider`?[d(`需求写道`),d(`机构写道`)]:[d(`贵机构写道`),d(`需求写道`)];return _`<section>
    <h4>${d(`意思最接近的一处`)}</h4>
    <div class="pair">
      ${vn(r,t.query,e.shared_terms.flatMap(e=>e.query_spans))}
      ${vn(i,t.candidate,e.shared_terms.flatMap(e=>e.candidate_spans))}
    </div>
  </section>`}function vn(e,t,n){let r=n.map(({start:e,end:n})=>({start:e-t.start,end:n-t.start}));return _`<figure>
    <figcaption>${e}</figcaption>
    <blockquote>${$t(t.text,r).map(({text:e,isMarked:t})=>t?_`<mark>${e}</mark>`:e)}</blockquote>
  </figure>`}function yn(e){let t=e.parts.filter(({value:e})=>e!==null),n=e.parts.filter(({value:e})=>e===null),r=Math.max(...t.map(({contribution:e})=>e),1e-9),i=n.map(({title:e})=>d(e)).join(d(`、`));return _`<section>
    <h4>${d(`分项贡献`)}</h4>
    <ul class="parts">
      ${t.map(e=>bn(e,e.contribution/r))}
      <li class="total"><span>${d(`合计`)}</span><span></span><span class="number">${e.score.toFixed(3)}</span></li>
    </ul>
    <p class="hint">${d(`合计只用来在本次结果中排序，不是百分比，也不是成功率。`)}</p>
    <p class="hint">${d(`有据可依的部分约占 {n} 成，其余没有依据，不计入。`,{n:Math.round(e.coverage*10)})}</p>
    ${e.coverage<rn&&n.length?_`<p class="hint">${d(`没有依据、未计入：{titles}。只计所列一方登记的事；补充后排序可能变化。`,{titles:i})}</p>`:y}
  </section>`}function bn(e,t){return _`<li>
    <span>${d(e.title)}</span>
    ${xn(t)}
    <span class="number">${e.contribution.toFixed(3)}</span>
  </li>`}function xn(e){return _`<meter class="track" aria-hidden="true" min="0" max="1" .value=${Math.min(1,Math.max(0,e))}></meter>`}var N=class extends ct{constructor(...e){super(...e),this.redraw=()=>this.requestUpdate()}createRenderRoot(){return this}connectedCallback(){super.connectedCallback(),window.addEventListener(o,this.redraw)}disconnectedCallback(){window.removeEventListener(o,this.redraw),super.disconnectedCallback()}find(e){return this.querySelector(e)}tell(e,t){this.dispatchEvent(new CustomEvent(e,{detail:t,bubbles:!0,composed:!0}))}};function P(e,t,n,r){var i=arguments.length,a=i<3?t:r===null?r=Object.getOwnPropertyDescriptor(t,n):r,o;if(typeof Reflect==`object`&&typeof Reflect.decorate==`function`)a=Reflect.decorate(e,t,n,r);else for(var s=e.length-1;s>=0;s--)(o=e[s])&&(a=(i<3?o(a):i>3?o(t,n,a):o(t,n))||a);return i>3&&a&&Object.defineProperty(t,n,a),a}var Sn=40,Cn=200,F=class extends N{constructor(...e){super(...e),this.inputId=``,this.placeholder=``,this.describedBy=``,this.options=[],this.finder=null,this.typed=null,this.keeps=!1,this.chosen=null,this.found=[],this.active=-1,this.isOpen=!1,this.problem=null,this.timer=0}updated(e){var t,n;e.has(`chosen`)&&(this.input.value=((t=this.chosen)==null?void 0:t.name)??``),(n=this.find(`[aria-selected=true]`))==null||n.scrollIntoView({block:`nearest`})}render(){let e=`${this.inputId}-options`,t=this.isOpen&&this.active>=0?`${e}-${this.active}`:y;return _`<div class="combobox">
      <input id=${this.inputId} type="text" role="combobox" autocomplete="off" aria-autocomplete="list"
        aria-expanded=${this.isOpen?`true`:`false`} aria-controls=${e} aria-activedescendant=${t}
        aria-describedby=${this.describedBy||y} placeholder=${this.placeholder}
        @input=${this.search} @click=${this.search} @keydown=${this.pressed} @blur=${this.left}>
      <ul class="options" role="listbox" id=${e} aria-label=${d(`可选项`)} ?hidden=${!this.isOpen}
        @mousedown=${e=>e.preventDefault()}>
        ${this.isOpen?this.rows(e):y}
      </ul>
    </div>`}focus(){this.input.focus()}get input(){return this.find(`input`)}rows(e){if(this.problem)return[wn(d(`没有查成：{title}`,{title:this.problem.title}))];let t=this.found.slice(0,Sn),n=t.map((t,n)=>_`<li role="option" id="${e}-${n}" aria-selected=${n===this.active?`true`:`false`}
        @click=${()=>this.choose(t)}>
        <span>${t.name}</span>${t.hint?_`<small>${t.hint}</small>`:y}
      </li>`),r=this.found.length-t.length;return t.length?r>0?[...n,wn(d(`还有 {n} 项，请继续输入以缩小范围`,{n:r}))]:n:[wn(d(`没有相符的选项`))]}get words(){var e;let t=this.input.value.trim();return((e=this.chosen)==null?void 0:e.name)===t?``:t}search(){var e;window.clearTimeout(this.timer);let{words:t}=this,n=(e=this.typed)==null?void 0:e.call(this,t);n?this.offer([n],t):this.finder?this.timer=window.setTimeout(()=>void this.ask(t),Cn):this.offer(Tn(this.options,t),t)}async ask(e){let t=[],n=null;try{t=await this.finder(e)}catch(e){if(!(e instanceof C))throw e;n=e}e===this.words&&document.activeElement===this.input&&this.offer(t,e,n)}offer(e,t,n=null){this.found=e,this.problem=n,this.active=t&&e.length?0:-1,this.isOpen=!0}pressed(e){if(!e.isComposing){if(e.key===`ArrowDown`||e.key===`ArrowUp`){e.preventDefault(),this.isOpen||this.search();let t=e.key===`ArrowDown`?1:-1,n=Math.min(this.found.length,Sn)-1;this.active=Math.min(Math.max(0,this.active+t),n)}else if(e.key===`Enter`&&this.isOpen){e.preventDefault();let t=this.found[this.active];t&&this.choose(t)}else e.key===`Escape`&&this.isOpen&&(e.preventDefault(),e.stopPropagation(),this.isOpen=!1)}}choose(e){this.chosen=this.keeps?e:null,this.input.value=this.keeps?e.name:``,this.isOpen=!1,this.tell(`nm-choose`,e)}left(){var e;this.isOpen=!1;let t=(e=this.typed)==null?void 0:e.call(this,this.words);if(t)this.choose(t);else if(this.keeps&&this.chosen&&!this.input.value.trim())this.chosen=null,this.tell(`nm-choose`,null);else{var n;this.input.value=((n=this.chosen)==null?void 0:n.name)??``}}};P([x({attribute:`input-id`})],F.prototype,`inputId`,void 0),P([x()],F.prototype,`placeholder`,void 0),P([x({attribute:`described-by`})],F.prototype,`describedBy`,void 0),P([x({attribute:!1})],F.prototype,`options`,void 0),P([x({attribute:!1})],F.prototype,`finder`,void 0),P([x({attribute:!1})],F.prototype,`typed`,void 0),P([x({type:Boolean})],F.prototype,`keeps`,void 0),P([x({attribute:!1})],F.prototype,`chosen`,void 0),P([S()],F.prototype,`found`,void 0),P([S()],F.prototype,`active`,void 0),P([S()],F.prototype,`isOpen`,void 0),P([S()],F.prototype,`problem`,void 0),F=P([b(`nm-combobox`)],F);function wn(e){return _`<li class="note" role="option" aria-disabled="true">${e}</li>`}function Tn(e,t){return e.map(e=>[En(e,t.toLowerCase()),e]).filter(([e])=>e>=0).sort((e,t)=>e[0]-t[0]).map(([,e])=>e)}function En(e,t){if(!t)return 0;let n=e.name.toLowerCase();return n.startsWith(t)?0:n.includes(t)?1:`${e.code} ${e.hint??``} ${e.search??``}`.toLowerCase().includes(t)?2:-1}var Dn=4,I=class extends N{constructor(...e){super(...e),this.label=``,this.most=5,this.mayBeEmpty=!1,this.alone=``,this.options=[],this.finder=null,this.automatic=[],this.own=null,this.isAdding=!1}get codes(){return!this.own||!this.own.length&&!this.mayBeEmpty?null:this.own.map(({code:e})=>e)}render(){let e=`${this.id}-label`;return _`<div class="tagger" role="group" aria-labelledby=${e}>
      <h4 id=${e}>${this.label}</h4>
      <div class="tagger-body">
        <ul class="chips">
          ${this.now.length?this.now.map(e=>this.item(e)):_`<li class="none">${this.nothing}</li>`}
        </ul>
        <div ?hidden=${!this.isAdding}>
          <label class="unseen" for="${this.id}-add">${d(`添加{label}`,{label:this.label})}</label>
          <nm-combobox input-id="${this.id}-add" placeholder=${d(`输入名称或代码查找`)}
            .options=${this.options} .finder=${this.finder} @nm-choose=${this.choose}></nm-combobox>
        </div>
      </div>
      <div class="tagger-tools">
        <span class="origin">${this.isHuman?d(`人工指定`):d(`自动识别`)}</span>
        <button type="button" class="small add" aria-expanded=${this.isAdding?`true`:`false`}
          @click=${()=>this.toggle(!this.isAdding)}>
          ${this.most===1?d(`改选`):d(`添加`)}<span class="unseen">${this.label}</span>
        </button>
        ${this.own?_`<button type="button" class="small plain" @click=${this.reset}>
              ${d(`恢复自动识别`)}<span class="unseen">${this.label}</span>
            </button>`:y}
      </div>
    </div>`}get now(){return this.own??this.automatic}get isHuman(){return this.own?this.codes!==null:this.automatic.some(({source:e})=>e===`human`)}get nothing(){return this.own?this.mayBeEmpty?d(`不指定`):d(`请另选一个；不选则仍按自动识别`):d(`未识别到`)}item(e){var t;let n=((t=this.options.find(({code:t})=>t===e.code))==null?void 0:t.name)||e.name||e.code,r=new Set((e.evidence??[]).map(({text:e})=>e)),i=Array.from(r).slice(0,Dn).map(Qt).join(``);return _`<li>
      <span class="chip">${n}<button type="button" aria-label=${d(`移除{label}{name}`,{label:this.label,name:Qt(n)})}
        @click=${()=>this.drop(e.code)}>×</button></span>
      ${i?_`<span class="because">${d(`依据：`)}${i}</span>`:y}
    </li>`}async toggle(e){var t;this.isAdding=e,await this.updateComplete,e&&((t=this.find(`nm-combobox`))==null||t.focus())}async choose(e){var t;e.stopPropagation();let{code:n,name:r}=e.detail;this.now.some(e=>e.code===n)||(this.change([...this.besides(n),{code:n,name:r}]),await this.toggle(!1),(t=this.find(`button.add`))==null||t.focus())}besides(e){return this.most===1||e===this.alone?[]:this.now.filter(e=>e.code!==this.alone).slice(0,this.most-1)}async drop(e){var t;let n=this.now.findIndex(t=>t.code===e);this.change(this.now.filter(t=>t.code!==e)),await this.updateComplete;let r=this.querySelectorAll(`.chips button`);r.length?r[Math.min(n,r.length-1)].focus():this.mayBeEmpty?(t=this.find(`button.add`))==null||t.focus():await this.toggle(!0)}async reset(){var e;this.own=null,this.tell(`nm-tags`),await this.updateComplete,(e=this.find(`button.add`))==null||e.focus()}change(e){this.own=e,this.tell(`nm-tags`)}};P([x()],I.prototype,`label`,void 0),P([x({type:Number})],I.prototype,`most`,void 0),P([x({type:Boolean,attribute:`may-be-empty`})],I.prototype,`mayBeEmpty`,void 0),P([x()],I.prototype,`alone`,void 0),P([x({attribute:!1})],I.prototype,`options`,void 0),P([x({attribute:!1})],I.prototype,`finder`,void 0),P([x({attribute:!1})],I.prototype,`automatic`,void 0),P([x({attribute:!1})],I.prototype,`own`,void 0),P([S()],I.prototype,`isAdding`,void 0),I=P([b(`nm-tagger`)],I);var On=`OTH`,kn=3,An=[[`A`,85],[`B`,70],[`C`,50],[`D`,0]],jn={decision_question:`question`,region:`region`,budget:`budget`,period:`period`},Mn={decision_question:`decision_question`,region:`region_code`,budget:`budget`,period:`period_days`};function Nn(e,t){let{scenarios:n}=t.own;return n!=null&&n.length?n.some(({code:e})=>e===On):!!e.understanding.quality.routing_hint}var Pn=class extends N{constructor(...e){super(...e),this.answer=null}render(){let{answer:e}=this;return _`<section class="understanding" aria-labelledby="understanding-title">
      <h3 id="understanding-title">${d(`系统的理解`)}</h3>
      <div id="notices">${e?this.notices(e):y}</div>
      <div id="completeness">${e&&!Nn(e,this.draft)?this.completeness(e):y}</div>
      <div id="tags" ?hidden=${!e} @nm-tags=${this.corrected}>${e?this.taggers(e.understanding):y}</div>
      <dl id="facts">${e?this.facts(e.understanding):y}</dl>
      ${e?y:_`<p class="hint">${d(`写下需求后，这里会列出识别出的标签和依据的原文。`)}</p>`}
    </section>`}taggers(e){let{catalogue:t}=this,n=(e,n,r)=>({code:n,name:t.label(e,n),evidence:r}),r=t=>e.industries.filter(e=>e.scheme===t),i=e.deliverables.map(e=>n(`Deliverable`,e.deliverable,[e.evidence])),a=e.audience?[n(`Audience`,e.audience.audience,e.audience.evidence)]:[];return[this.tagger(`scenarios`,d(`应用场景`),3,e.scenarios,{options:t.scenarios,alone:On}),this.tagger(`industries`,d(`产业`),5,r(`sei2018`),{options:t.industries}),this.tagger(`classes`,d(`国民经济行业`),5,r(`gb4754`),{finder:e=>t.findClasses(e)}),this.tagger(`deliverables`,d(`成果形式`),13,Rn(i),{options:t.choices(`Deliverable`),mayBeEmpty:!0}),this.tagger(`audience`,d(`服务对象`),1,a,{options:t.choices(`Audience`)})]}tagger(e,t,n,r,i){return _`<nm-tagger id=${e} label=${t} most=${n} alone=${i.alone??``}
      ?may-be-empty=${i.mayBeEmpty??!1} .options=${i.options??[]} .finder=${i.finder??null}
      .automatic=${r} .own=${this.draft.own[e]??null}></nm-tagger>`}corrected(e){let t=e.target,n=t.id;t.own?this.draft.own[n]=t.own:delete this.draft.own[n],this.requestUpdate(),this.tell(`nm-corrected`)}notices({understanding:e,near_duplicates:t}){var n;let{quality:r}=e,i=Nn({understanding:e},this.draft),a=!!((n=this.draft.own.scenarios)!=null&&n.length),o=r.vague_terms.map(({text:e})=>Qt(e)).join(``);return[i?D(d(`不像是专利导航需求`),r.routing_hint??d(`已指定为不属于专利导航的事务，发布后不参加匹配。`)):y,e.needs_confirmation&&!i&&!a?D(d(`请确认应用场景`),d(`系统对应用场景的把握不大，请看一看下面的标签，不对就改。`)):y,r.advice.map(({message:e})=>D(d(`请留意`),e)),o?D(d(`有些说法不够具体`),d(`{terms}，换成具体的对象、数量或日期，匹配会更准。`,{terms:o})):y,t.length?D(d(`已有近乎相同的需求`),d(`发布前请先看看是否重复：`),A(t.map(({id:e,title:t})=>_`<a href="#/demands/${e}">${t}</a>`))):y]}completeness({understanding:e,effects:t}){let{quality:n}=e,r=new Map(t.map(({name:e,n_providers:t})=>[e,t])),i=n.missing.filter(({name:e})=>this.isFilled(e)),a=n.missing.filter(e=>!i.includes(e)),o=In(n,i);return _`<div class="completeness">
      <h4>${Fn(o)}</h4>
      ${xn(o.score/100)}
      ${a.length?_`<p class="hint">${d(`补充下面几点，匹配会更准：`)}</p>`:y}
      ${A(a.map(e=>this.question(e,r.get(e.name)??0)))}
    </div>`}isFilled(e){let t=this.draft.values[Mn[e]??``];return t!==void 0&&!Number.isNaN(t)}question(e,t){return _`${e.question}
      <span class="effect">${Ln(e,t)}</span>
      <button type="button" class="small plain" @click=${()=>this.tell(`nm-go`,jn[e.name]??`text`)}>
        ${d(`去填写`)}<span class="unseen">${e.question}</span>
      </button>`}facts(e){var t;let n=(e,t)=>this.catalogue.label(e,t),{budget:r,period:i,deadline:a}=e,{region_code:o,budget:s,period_days:c}=this.draft.values,l=new Set(e.applications.map(({application:e})=>n(`ApplicationForm`,e))),u=e.requirements.map(({strength:e,text:t})=>nn(n(`RequirementStrength`,e),t)),f=e=>e?[e.evidence.text]:[];return[o?this.fact(d(`地区`),this.asFilled((t=this.draft.region)==null?void 0:t.name),[],`region`):this.fact(d(`地区`),e.regions.map(({name:e})=>e).join(d(`、`)),e.regions.flatMap(zn),`region`),s?this.fact(d(`预算`),this.asFilled(Xt({min_fen:null,max_fen:null,...s},n(`BudgetKind`,this.draft.budgetKind))),[],`budget`):this.fact(d(`预算`),r&&Xt(r,n(`BudgetKind`,r.kind)),f(r),`budget`),this.isFilled(`period`)?this.fact(d(`期限`),this.asFilled(d(`{n} 天`,{n:Number(c)})),[],`period`):this.fact(d(`期限`),i&&Zt(i),f(i),`period`),this.fact(d(`截止`),a==null?void 0:a.due,f(a)),this.fact(d(`成果用途`),Array.from(l).join(d(`、`)),e.applications.map(e=>e.evidence.text)),this.fact(d(`机构条件`),u.length?A(u):null,[]),this.fact(d(`明确程度`),e.quality.clarity&&n(`Clarity`,e.quality.clarity),[])]}asFilled(e){return _`${e??``} <span class="because">${d(`上面填写的`)}</span>`}fact(e,t,n,r){let i=Array.from(new Set(n)).slice(0,kn).map(Qt).join(``);return _`<dt>${e}</dt>
      <dd>
        ${t||_`<span class="because">${d(`未说明`)}</span>`}
        ${r?_`<button type="button" class="small plain" @click=${()=>this.tell(`nm-go`,r)}>
              ${d(t?`更正`:`填写`)}<span class="unseen">${e}</span>
            </button>`:y}
        ${t&&i?_`<span class="because">${d(`依据：`)}${i}</span>`:y}
      </dd>`}};P([x({attribute:!1})],Pn.prototype,`catalogue`,void 0),P([x({attribute:!1})],Pn.prototype,`draft`,void 0),P([x({attribute:!1})],Pn.prototype,`answer`,void 0),Pn=P([b(`nm-understanding`)],Pn);function Fn(e){return d(`完整度 {score} 分（满分 100），{grade} 级`,{score:e.score,grade:e.grade})}function In(e,t){if(!t.length)return e;let n=Math.min(100,t.reduce((e,{weight:t})=>e+t,e.score));return{...e,score:n,grade:An.find(([,e])=>n>=e)[0]}}function Ln({weight:e},t){let n=d(`补上加 {n} 分`,{n:e});return t?`${n}；${d(`所列机构可多核对 {n} 家`,{n:t})}`:n}function Rn(e){let t=new Map;for(let n of e){let e=t.get(n.code);e?e.evidence=[...e.evidence??[],...n.evidence??[]]:t.set(n.code,{...n})}return Array.from(t.values())}function zn(e){return(e.evidence??[]).map(({text:e})=>e)}function Bn(e,t,n){return _`<span class="state ${n}">${e.label(t,n)}</span>`}function L(e,t,n){return e.filter(e=>e.scheme===t).map(({code:e,name:r})=>t===`scenario`?n.scenarioName(e,r):r).join(d(`、`))}function Vn(e,t){let{budget:n}=e,r=[[d(`编号`),e.demand_no],[d(`状态`),Bn(t,`DemandState`,e.state)],[d(`所在地`),e.region_name],[d(`要支撑的决策`),e.decision_question],[d(`使用单位`),e.recipient_name],[d(`应用场景`),L(e.tags,`scenario`,t)],[d(`产业`),L(e.tags,`sei2018`,t)],[d(`国民经济行业`),L(e.tags,`gb4754`,t)],[d(`预算`),n?Xt(n,t.label(`BudgetKind`,n.kind)):null],[d(`期限`),e.period_days?Zt({min_days:null,max_days:e.period_days}):null],[d(`成果形式`),e.deliverables.map(e=>t.label(`Deliverable`,e)).join(d(`、`))],[d(`机构条件`),e.requirements.map(({text:e})=>e).join(d(`；`))],[d(`响应截止`),e.respond_by],[d(`可见范围`),Hn(e,t)],[d(`公开程度`),e.confidentiality===`open`?null:t.label(`Confidentiality`,e.confidentiality)],[d(`完整度`),e.quality?Fn(e.quality):null],[d(`更新时间`),M(e.updated_at)]];return _`
    <p class="description">${e.description}</p>
    <dl class="pairs">
      ${r.map(([e,t])=>t?_`<dt>${e}</dt><dd>${t}</dd>`:y)}
    </dl>
  `}function Hn({visibility:e,quality:t},n){let r=n.label(`Visibility`,e);return t?_`${r}<span class="because">${Ht(e)}</span>`:r}function Un(e){return(e.source_ref??``).startsWith(`demo:`)}async function Wn(e,t){return e.organisation_id?(await w(`GET`,`/v1/providers`,{query:{own:!0,limit:1},signal:t})).items[0]??null:null}var Gn=`navmatch-visited`;function Kn(e,t){let n=Jn(),r=new Set(n[e]);if(!r.has(t))try{localStorage.setItem(Gn,JSON.stringify({...n,[e]:[...r,t]}))}catch{}}function qn(e,t){var n;return!!((n=Jn()[e])!=null&&n.includes(t))}function Jn(){try{let e=JSON.parse(localStorage.getItem(Gn)??`{}`);return typeof e==`object`&&e?e:{}}catch{return{}}}var Yn=new Set([`invited`,`interested`]);function Xn(e){return E(e)?ir(e):Rt(e)?[Zn(),Qn(),...nr(e),...rr(e)]:Lt(e)?[$n(e),er(),...nr(e),...rr(e)]:[tr(e),...nr(e)]}function Zn(){return{title:d(`发布一条需求`),text:d(`粘贴原文，或点下面的示例文字；场景、地区、预算由正文读出，都可以改。存为草稿也算。`),href:`#/post`,words:d(`发布需求`),operation:`create_demand`,isDone:async e=>{let{items:t}=await cr(`/v1/demands`,{own:!0,limit:20},e);return t.some(e=>!Un(e))}}}function Qn(){return{title:d(`看谁合适，邀请或列入候选`),text:d(`点“看匹配”：每家附理由、对照的原句、资格核对和待核实的事；最多四家并排比较。`),href:`#/mine`,words:d(`我的需求`),operation:`begin_interaction`,isDone:or}}function $n(e){return{title:d(`登记机构和能力`),text:d(`一项能力写一类服务；边写边提示哪里不清楚、还缺什么。匹配以能力为准。`),href:`#/profile`,words:d(`机构与能力`),operation:`create_capability`,isDone:async t=>{var n;return(((n=await Wn(e,t))==null?void 0:n.n_capabilities)??0)>0}}}function er(){return{title:d(`答复一条推荐的需求`),text:d(`每条附理由和待核实的事；表示意向、提问，或说明原因谢绝。收到的邀请在“对接”里答复。`),href:`#/recommended`,words:d(`推荐的需求`),operation:`begin_interaction`,isDone:or}}function tr(e){return ar(e,`/dealings`,{title:d(`看对接到了哪一步`),text:d(`基地为贵单位找机构：邀请、提问、方案都在这里，可以答复。`),words:d(`对接`),operation:`list_interactions`})}function nr(e){return[{title:d(`订阅想知道的`),text:d(`粘贴一段文字，像它的一发布就通知；也可以把筛选条件存成订阅。`),href:`#/subscriptions`,words:d(`订阅`),operation:`list_subscriptions`,isDone:async e=>(await w(`GET`,`/v1/subscriptions`,{signal:e})).length>0},{title:d(`让通知也到邮箱`),text:d(`未读的通知汇成一封邮件，多久一封自己定。`),href:`#/account`,words:d(`我的账号`),operation:`read_mailbox`,isDone:async e=>!!(await w(`GET`,`/v1/mailbox`,{signal:e})).address}].filter(({operation:t})=>T(e,t))}function rr(e){return!e.role.endsWith(`_admin`)&&!E(e)?[]:[{title:d(`保护好管理账号`),text:E(e)?d(`绑定身份验证器，再用验证码登录；登记、修改、导出、生成报告、查看联系人，管理账号、密钥和看审计，都要先绑定。`):d(`绑定身份验证器，再用验证码登录；管理账号、密钥和看审计都要先绑定。`),href:`#/account`,words:d(`我的账号`),operation:`read_session`,isDone:()=>Promise.resolve(e.has_authenticator)}]}function ir(e){let t={title:d(`有数据才看得到效果`),text:d(`试用：在服务器上另用一个数据目录运行演示（NAVMATCH_DATA_DIR=data-demo NAVMATCH_PORT=8001 make demo），其中的机构、需求和案例都是虚构的；正式使用：让各单位登录填写，或导入。`),href:`#/demands`,words:d(`全部需求`),operation:`list_demands`,isDone:e=>sr(`/v1/demands`,e)},n={title:d(`给各单位建立账号`),text:d(`先建立单位的管理员，他们再建立自己的同事；初始密码只显示一次。`),href:`#/people`,words:d(`账号`),operation:`list_people`,isDone:async e=>(await cr(`/v1/people`,{limit:1},e)).total.value>1},r=ar(e,`/figures`,{title:d(`看供需缺口`),text:d(`哪些场景、产业、地区有需求而没有机构；对接走到哪一步，答复快不快。`),words:d(`供需统计`),operation:`read_gaps`}),i={title:d(`把结果嵌入门户网站`),text:d(`签发令牌，先预览，再把代码贴到网页里。`),href:`#/widgets`,words:d(`网站嵌入`),operation:`list_widget_tokens`,isDone:e=>sr(`/v1/widget-tokens`,e)},a=e.role===`operator`;return[...rr(e),...a?[t]:[],n,r,i]}function ar(e,t,n){return{...n,href:`#${t}`,isDone:()=>Promise.resolve(qn(e.login??``,t))}}async function or(e){let{items:t}=await w(`GET`,`/v1/interactions`,{query:{limit:50},signal:e});return t.some(({state:e,awaiting:t,my_side:n})=>t!==n||!Yn.has(e))}async function sr(e,t){return(await cr(e,{limit:1},t)).total.value>0}function cr(e,t,n){return w(`GET`,e,{query:t,signal:n})}var lr=class extends N{constructor(...e){super(...e),this.taken=new j(this)}connectedCallback(){super.connectedCallback();let e=Xn(this.session);this.taken.ask(t=>Promise.all(e.map(e=>this.isTaken(e,t))))}render(){let e=Xn(this.session);return _`<section class="panel" aria-labelledby="steps-title">
      <h2 id="steps-title">${d(`头几步`)}</h2>
      ${this.taken.render(t=>this.list(e,t))}
    </section>`}isTaken(e,t){return T(this.session,e.operation)?e.isDone(t):Promise.resolve(!1)}list(e,t){let n=t.filter(Boolean).length,r=_`<ol class="steps">
      ${e.map((e,n)=>this.step(e,t[n],n===t.indexOf(!1)))}
    </ol>`;return n===e.length?_`<p role="status">${d(`头几步都做完了。`)}</p><details><summary>${d(`再看一遍`)}</summary>${r}</details>`:_`<p class="hint" role="status">${d(`已做 {n} 步，共 {total} 步；做过的自己打勾。`,{n,total:e.length})}</p>
      ${xn(n/e.length)} ${r}`}step(e,t,n){let r=T(this.session,e.operation);return _`<li class=${t?`taken`:n?`next`:``} aria-current=${n?`step`:y}>
      <h3>${e.title}${t?_` <span class="state active">${d(`已做`)}</span>`:n?_` <span class="state draft">${d(`下一步`)}</span>`:y}</h3>
      <p>${e.text}</p>
      ${r?_`<a class=${n?`button primary`:`button`} href=${e.href}>${e.words}</a>`:_`<p class="hint">${d(`绑定身份验证器、用验证码登录后可以做。`)}</p>`}
    </li>`}};P([x({attribute:!1})],lr.prototype,`session`,void 0),lr=P([b(`nm-first-steps`)],lr);var ur=5e3,dr={text:[30,ur],title:[6,80],question:[0,300]},fr=10,pr=40,mr=12,hr=1e6,gr=1095,_r=[`text`,`title`,`question`,`region`,`recipient`,`budget`,`period`,`visibility`],vr={description:`text`,title:`title`,decision_question:`question`,region_code:`region`,recipient_id:`recipient`,budget:`budget`,period_days:`period`,visibility:`visibility`},yr=class e{constructor(){this.text=``,this.title=``,this.question=``,this.region=null,this.recipient=null,this.budgetKind=``,this.budgetMin=``,this.budgetMax=``,this.period=``,this.visibility=`platform`,this.confidentiality=`open`,this.own={},this.isOwnTitle=!1,this.stored=null}static of(t){let n=new e;return n.question=t.question??``,n.writeText(t.text),n}static ofDemand(t){let n=new e,{budget:r,region_code:i,recipient_id:a}=t,o=e=>e?String(Number((e/hr).toFixed(4))):``;return n.writeTitle(t.title),n.writeText(t.description),n.question=t.decision_question??``,n.region=i?{code:i,name:t.region_name??i}:null,n.recipient=a?{code:a,name:t.recipient_name??a}:null,n.budgetKind=(r==null?void 0:r.kind)??``,n.budgetMin=o(r==null?void 0:r.min_fen),n.budgetMax=o(r==null?void 0:r.max_fen),n.period=t.period_days?String(t.period_days):``,n.visibility=t.visibility,n.confidentiality=t.confidentiality,n.stored=n.values,n}get isStored(){return this.stored!==null}writeText(e){this.text=e,this.isOwnTitle||(this.title=Sr(e.trim()))}writeTitle(e){this.title=e,this.isOwnTitle=e.trim()!==``}get values(){var e,t;let n={title:this.title.trim(),description:this.description,decision_question:this.question.trim(),region_code:((e=this.region)==null?void 0:e.code)??null,recipient_id:((t=this.recipient)==null?void 0:t.code)??null,budget:this.budget,period_days:z(this.period),visibility:this.visibility,confidentiality:this.confidentiality};return Object.fromEntries(Object.entries(n).filter(([,e])=>e!==``&&e!==null))}get changes(){let[e,t]=[this.stored??{},this.values],n=Object.keys({...e,...t}).filter(n=>JSON.stringify(e[n])!==JSON.stringify(t[n]));return Object.fromEntries(n.map(e=>[e,t[e]??null]))}get body(){let{scenarios:e,industries:t,classes:n,deliverables:r,audience:i}=this.own,a=e=>e.map(({code:e})=>e);return{...this.values,...e!=null&&e.length?{scenario_tags:a(e)}:{},...t!=null&&t.length?{industry_tags:a(t)}:{},...n!=null&&n.length?{class_tags:a(n)}:{},...r?{deliverables:a(r)}:{},...i!=null&&i[0]?{audience:i[0].code}:{}}}get previewed(){let{title:e,description:t,decision_question:n}=this.values;return typeof t!=`string`||R(t)<fr||this.tooLong.length?null:{description:t,...typeof e==`string`&&R(e)>1?{title:e}:{},...n?{decision_question:n}:{}}}get problems(){return[...this.tooShort,...this.tooLong,...this.budgetProblems,...this.periodProblems,...this.opennessProblems]}get tooLong(){return this.lengths.filter(({length:e,most:t})=>e>t).map(({field:e,length:t,most:n})=>({field:e,message:d(`{name}最多 {most} 字，现在 {length} 字。`,{name:xr(e),most:n,length:t})}))}get tooShort(){return this.lengths.filter(({length:e,least:t})=>e<t).map(({field:e,length:t,least:n})=>({field:e,message:d(`{name}至少 {least} 字，现在 {length} 字。`,{name:xr(e),least:n,length:t})}))}get lengths(){return Object.keys(dr).map(e=>{let[t,n]=dr[e];return{field:e,length:R(e===`text`?this.description:this[e].trim()),least:t,most:n}})}get budgetProblems(){let{min_fen:e,max_fen:t}=this.budget??{};return[e,t].some(e=>e!==void 0&&!(e>0))?[{field:`budget`,message:d(`预算金额请写数字，单位万元，例如 30 或 12.5。`)}]:e!==void 0&&t!==void 0&&e>t?[{field:`budget`,message:d(`预算下限不能大于上限。`)}]:[]}get periodProblems(){let e=z(this.period);return e===null||Number.isInteger(e)&&e>=1&&e<=gr?[]:[{field:`period`,message:d(`完成期限请写天数，1 至 {most} 的整数。`,{most:gr})}]}get opennessProblems(){return this.visibility===`public`&&this.confidentiality===`restricted`?[{field:`visibility`,message:d(`限定范围的需求不能公开；请改小可见范围，或改公开程度。`)}]:[]}get description(){let e=this.text.trim(),[t,...n]=e.split(`
`),r=n.join(`
`).trim();return r&&t.trim()===this.title.trim()?r:e}get budget(){let e=this.budgetKind;if(!e)return null;let t=e=>Math.round((z(e)??0)*hr);if(e===`fixed`)return{kind:e,min_fen:t(this.budgetMax),max_fen:t(this.budgetMax)};if(e===`range`){let n=this.budgetMax.trim()?{max_fen:t(this.budgetMax)}:{};return{kind:e,min_fen:t(this.budgetMin),...n}}return e===`ceiling`?{kind:e,max_fen:t(this.budgetMax)}:{kind:e}}};function br(e){return _r.find(t=>t===e.field)??vr[e.field.split(`.`)[0]??``]}function R(e){return Array.from(e).length}function xr(e){return{text:d(`需求描述`),title:d(`标题`),question:d(`要支撑的决策`)}[e]}function Sr(e){let t=e.split(`
`)[0]??``;if(R(t)<=pr&&e.includes(`
`))return t.trim();let n=``;for(let e of t.split(/(?<=[，。；！？,;!?])/))if(n+=e,R(n)>mr)break;return Array.from(n.replace(/[，。；！？,;!?\s]+$/,``)).slice(0,pr).join(``)}function z(e){let t=e.trim().normalize(`NFKC`).replace(/,/g,``);return t?/^\d{1,7}(\.\d{1,4})?$/.test(t)?Number(t):NaN:null}var Cr={words:``,problem:null},wr=Cr;function Tr(e,t=null){wr={words:e,problem:t}}function Er(){let e=wr;return wr=Cr,e}var Dr={ATTRIBUTE:1,CHILD:2,PROPERTY:3,BOOLEAN_ATTRIBUTE:4,EVENT:5,ELEMENT:6},Or=e=>(...t)=>({_$litDirective$:e,values:t}),kr=class{constructor(e){}get _$AU(){return this._$AM._$AU}_$AT(e,t,n){this._$Ct=e,this._$AM=t,this._$Ci=n}_$AS(e,t){return this.update(e,t)}update(e,t){return this.render(...t)}},{I:Ar}=rt,jr=e=>e,Mr=e=>e.strings===void 0,Nr=()=>document.createComment(``),Pr=(e,t,n)=>{let r=e._$AA.parentNode,i=t===void 0?e._$AB:t._$AA;if(n===void 0)n=new Ar(r.insertBefore(Nr(),i),r.insertBefore(Nr(),i),e,e.options);else{let t=n._$AB.nextSibling,o=n._$AM,s=o!==e;if(s){var a;let t;(a=n._$AQ)==null||a.call(n,e),n._$AM=e,n._$AP!==void 0&&(t=e._$AU)!==o._$AU&&n._$AP(t)}if(t!==i||s){let e=n._$AA;for(;e!==t;){let t=jr(e).nextSibling;jr(r).insertBefore(e,i),e=t}}}return n},Fr=(e,t,n=e)=>(e._$AI(t,n),e),Ir={},Lr=(e,t=Ir)=>e._$AH=t,Rr=e=>e._$AH,zr=e=>{e._$AR(),e._$AA.remove()},Br=(e,t,n)=>{let r=new Map;for(let i=t;i<=n;i++)r.set(e[i],i);return r},Vr=Or(class extends kr{constructor(e){if(super(e),e.type!==Dr.CHILD)throw Error(`repeat() can only be used in text expressions`)}dt(e,t,n){let r;n===void 0?n=t:t!==void 0&&(r=t);let i=[],a=[],o=0;for(let t of e)i[o]=r?r(t,o):o,a[o]=n(t,o),o++;return{values:a,keys:i}}render(e,t,n){return this.dt(e,t,n).values}update(e,[t,n,r]){let i=Rr(e),{values:a,keys:o}=this.dt(t,n,r);if(!Array.isArray(i))return this.ut=o,a;let s=this.ut??=[],c=[],l,u,d=0,f=i.length-1,p=0,m=a.length-1;for(;d<=f&&p<=m;)if(i[d]===null)d++;else if(i[f]===null)f--;else if(s[d]===o[p])c[p]=Fr(i[d],a[p]),d++,p++;else if(s[f]===o[m])c[m]=Fr(i[f],a[m]),f--,m--;else if(s[d]===o[m])c[m]=Fr(i[d],a[m]),Pr(e,c[m+1],i[d]),d++,m--;else if(s[f]===o[p])c[p]=Fr(i[f],a[p]),Pr(e,i[d],i[f]),f--,p++;else if(l===void 0&&(l=Br(o,p,m),u=Br(s,d,f)),l.has(s[d])){if(l.has(s[f])){let t=u.get(o[p]),n=t===void 0?null:i[t];if(n===null){let t=Pr(e,i[d]);Fr(t,a[p]),c[p]=t}else c[p]=Fr(n,a[p]),Pr(e,i[d],n),i[t]=null;p++}else zr(i[f]),f--}else zr(i[d]),d++;for(;p<=m;){let t=Pr(e,c[m+1]);Fr(t,a[p]),c[p++]=t}for(;d<=f;){let e=i[d++];e!==null&&zr(e)}return this.ut=o,Lr(e,c),v}});function Hr({matches:e},t=`provider`){let n=e.filter(({band:e})=>e!==`weak`).length;return n?d(t===`provider`?`找到 {n} 家匹配的服务机构。`:`找到 {n} 条合适的需求。`,{n}):d(`没有达到阈值的匹配。`)}function Ur(e,t){let n=e.matches.filter(({band:e})=>e!==`weak`),r=e.matches.filter(({band:e})=>e===`weak`);return _`
    ${n.length?Wr(n,t):Gr(e.no_good_match??null)}
    ${e.n_excluded?_`<p class="hint">${d(`另有 {n} 家因不满足“必须满足”的条件，没有列出。`,{n:e.n_excluded})}</p>`:y}
    ${r.length?_`<details><summary>${d(`查看 {n} 条匹配程度为“弱”的结果`,{n:r.length})}</summary>${Wr(r,t)}</details>`:y}
  `}function Wr(e,t){return _`<ol class="cards">
    ${Vr(e,({item:e})=>e.id,(e,n)=>_`<li>${un(e,{...t,isOpen:n===0})}</li>`)}
  </ol>`}function Gr(e){return _`<div class="empty">
    <p>${(e==null?void 0:e.message)??d(`没有达到阈值的匹配。`)}${e!=null&&e.advice.length?d(`可以这样做：`):``}</p>
    ${A((e==null?void 0:e.advice)??[])}
  </div>`}var B=Or(class extends kr{constructor(e){if(super(e),e.type!==Dr.PROPERTY&&e.type!==Dr.ATTRIBUTE&&e.type!==Dr.BOOLEAN_ATTRIBUTE)throw Error("The `live` directive is not allowed on child or event bindings");if(!Mr(e))throw Error("`live` bindings can only contain a single expression")}render(e){return e}update(e,[t]){if(t===v||t===y)return t;let n=e.element,r=e.name;if(e.type===Dr.PROPERTY){if(t===n[r])return v}else if(e.type===Dr.BOOLEAN_ATTRIBUTE){if(!!t===n.hasAttribute(r))return v}else if(e.type===Dr.ATTRIBUTE&&n.getAttribute(r)===t+``)return v;return Lr(e),t}});async function Kr(e,t){let n=[],r=null;do{let i=await w(`GET`,e,{query:{limit:50,cursor:r},signal:t});n.push(...i.items),r=i.next_cursor}while(r);return n}var qr=2,Jr={operator:[`base_admin`,`base_staff`,`provider_admin`,`provider_staff`,`recipient`,`regional_operator`,`operator`],regional_operator:[`base_admin`,`base_staff`,`provider_admin`,`provider_staff`,`recipient`],base_admin:[`base_staff`,`base_admin`],provider_admin:[`provider_staff`,`provider_admin`]};function Yr(e){return Jr[e]??[]}function Xr(e){return e.endsWith(`operator`)}async function Zr(e){if(e.length<qr)return[];let{items:t}=await w(`GET`,`/v1/recipients`,{query:{name:e}});return t.map(e=>({code:e.id,name:e.name}))}async function Qr(e){return(await Kr(`/v1/organisations`,e)).map(({id:e,name:t})=>({code:e,name:t}))}var $r=class extends N{constructor(...e){super(...e),this.name=``,this.heading=``,this.describedBy=``,this.levels=[],this.value=``}render(){return _`<fieldset class="levels" aria-describedby=${this.describedBy||y}>
      <legend>${this.heading}</legend>
      ${this.levels.map((e,t)=>this.choice(e,t?`${this.name}-${e.value}`:this.name))}
    </fieldset>`}choice({value:e,name:t,words:n},r){return _`<div>
      <label class="check"><input type="radio" id=${r} name=${this.name} value=${e} .checked=${e===this.value}
        aria-describedby="${r}-words" @change=${()=>this.tell(`nm-level`,e)}>${t}</label>
      <p class="hint" id="${r}-words">${n}</p>
    </div>`}};P([x()],$r.prototype,`name`,void 0),P([x()],$r.prototype,`heading`,void 0),P([x({attribute:`described-by`})],$r.prototype,`describedBy`,void 0),P([x({attribute:!1})],$r.prototype,`levels`,void 0),P([x()],$r.prototype,`value`,void 0),$r=P([b(`nm-levels`)],$r);var ei=class extends N{constructor(...e){super(...e),this.errors=new Map,this.isMoreOpen=!1,this.isOpennessOpen=!1}render(){let{draft:e}=this;return _`
      <div class="field">
        <label for="text">${d(`需求描述`)}<span class="must">${d(`（必填）`)}</span></label>
        <textarea id="text" rows="8" required aria-describedby="text-hint text-count text-error"
          aria-invalid=${this.invalid(`text`)} .value=${B(e.text)} @input=${this.wroteText}
          @compositionend=${this.typed}></textarea>
        <p class="hint" id="text-hint">${d(`把原文粘贴到这里即可。应用场景、行业、地区、预算、期限边写边识别，都可以改。涉密内容和个人联系方式请勿填写。`)}</p>
        <p class="hint count" id="text-count">${e.text?d(`{n} / {most} 字`,{n:R(e.text.trim()),most:ur}):y}</p>
        ${this.error(`text`)}
      </div>
      <div class="field">
        <label for="title">${d(`标题`)}<span class="must">${d(`（必填）`)}</span></label>
        <input id="title" type="text" required aria-describedby="title-hint title-error" aria-invalid=${this.invalid(`title`)}
          .value=${B(e.title)} @input=${this.wroteTitle} @compositionend=${this.typed}>
        <p class="hint" id="title-hint">${e.isStored?d(`6 至 80 字；写清对象和目的，匹配更准。`):d(`6 至 80 字；写清对象和目的，匹配更准。未改动时随首句更新。`)}</p>
        ${this.error(`title`)}
      </div>
      <div class="field">
        <label for="question">${d(`要支撑的决策`)}</label>
        <input id="question" type="text" aria-describedby="question-hint question-error" aria-invalid=${this.invalid(`question`)}
          .value=${B(e.question)} @input=${this.write(`question`)} @compositionend=${this.typed}>
        <p class="hint" id="question-hint">${d(`谁、用来决定什么。例如：董事会决定是否按现有方案出口。`)}</p>
        ${this.error(`question`)}
      </div>
      <div class="field">
        <label for="region">${d(`需求所在地`)}</label>
        <nm-combobox input-id="region" keeps described-by="region-error" placeholder=${d(`自动识别；或输入地名查找`)}
          .finder=${e=>this.catalogue.findRegions(e)} .chosen=${e.region}
          @nm-choose=${this.choseRegion}></nm-combobox>
        ${this.error(`region`)}
      </div>
      <div class="field">
        <label for="recipient">${d(`成果使用单位（可不选）`)}</label>
        <nm-combobox input-id="recipient" keeps described-by="recipient-hint recipient-error" placeholder=${d(`输入单位全称或统一社会信用代码`)}
          .finder=${Zr} .chosen=${e.recipient} @nm-choose=${this.choseRecipient}></nm-combobox>
        <p class="hint" id="recipient-hint">${d(`全称或代码要与登记的一致才查得到；没有登记的，请管理方先登记。选定后这家单位看得到这条需求，服务机构要双方有意之后才知道是谁。`)}</p>
        ${this.error(`recipient`)}
      </div>
      <details id="more" ?open=${this.isMoreOpen} @toggle=${this.toggled}>
        <summary>${d(`预算与期限（可选，不填则由正文识别）`)}</summary>
        ${this.budget()}
        <div class="field">
          <label for="period">${d(`完成期限（天）`)}</label>
          <input id="period" type="text" inputmode="numeric" aria-describedby="period-hint period-error"
            aria-invalid=${this.invalid(`period`)} .value=${B(e.period)} @input=${this.write(`period`)}>
          <p class="hint" id="period-hint">${d(`只写天数，两个月写 60。`)}</p>
          ${this.error(`period`)}
        </div>
      </details>
      ${this.openness()}
    `}openness(){let{catalogue:e,draft:t}=this,n=(t,n)=>r=>({value:r,name:e.label(t,r),words:n(r)});return _`<details id="openness" ?open=${this.isOpennessOpen}
      @toggle=${e=>this.isOpennessOpen=e.target.open}>
      <summary>${this.opennessWords()}</summary>
      <p class="hint" id="visibility-hint">${d(`不论选哪一级，贵单位、成果使用单位、平台管理方和本地主管部门都看得到；匹配结果只给贵单位看，联系人要双方有意之后才互相看得到。`)}</p>
      <nm-levels name="visibility" heading=${d(`可见范围`)} described-by="visibility-hint visibility-error" .value=${t.visibility}
        .levels=${Bt.map(n(`Visibility`,Ht))} @nm-level=${this.choose(`visibility`)}></nm-levels>
      ${this.error(`visibility`)}
      <nm-levels name="confidentiality" heading=${d(`公开程度`)} .value=${t.confidentiality}
        .levels=${Vt.map(n(`Confidentiality`,Ut))} @nm-level=${this.choose(`confidentiality`)}></nm-levels>
    </details>`}opennessWords(){let{visibility:e,confidentiality:t}=this.draft,n=d(`谁看得到：{visibility}`,{visibility:this.catalogue.label(`Visibility`,e)}),r=t===`open`?``:this.catalogue.label(`Confidentiality`,t);return r?`${n}${d(`；`)}${r}`:n}choose(e){return({detail:t})=>{this.draft[e]=t,this.forget(`visibility`)}}budget(){let{budgetKind:e}=this.draft,t=e===`range`,n=[`fixed`,`range`,`ceiling`].includes(e);return _`<fieldset class="row">
      <legend>${d(`预算`)}</legend>
      <div class="field">
        <label for="budget">${d(`怎样写明`)}</label>
        <select id="budget" aria-describedby="budget-error" aria-invalid=${this.invalid(`budget`)} @change=${this.choseKind}>
          <option value="" ?selected=${!e}>${d(`由正文识别`)}</option>
          ${this.catalogue.choices(`BudgetKind`).map(({code:t,name:n})=>_`<option value=${t} ?selected=${t===e}>${d(n)}</option>`)}
        </select>
      </div>
      <div class="field" ?hidden=${!t}>
        <label for="budget-min">${d(`下限（万元）`)}</label>
        <input id="budget-min" type="text" inputmode="decimal" aria-describedby="budget-error" .value=${B(this.draft.budgetMin)}
          @input=${this.write(`budgetMin`)}>
      </div>
      <div class="field" ?hidden=${!n}>
        <label for="budget-max">${d(t?`上限（万元，可不填）`:`金额（万元）`)}</label>
        <input id="budget-max" type="text" inputmode="decimal" aria-describedby="budget-error" .value=${B(this.draft.budgetMax)}
          @input=${this.write(`budgetMax`)}>
      </div>
      ${this.error(`budget`)}
    </fieldset>`}error(e){return _`<p class="error" id="${e}-error">${this.errors.get(e)??y}</p>`}invalid(e){return this.errors.has(e)?`true`:y}write(e){return t=>{this.draft[e]=t.target.value,this.forget(e===`budgetMin`||e===`budgetMax`?`budget`:e),this.typed(t)}}wroteText(e){this.draft.writeText(e.target.value);let t=this.draft.tooLong.find(({field:e})=>e===`text`);this.errors=new Map(t?[...this.errors,[`text`,t.message]]:[...this.errors].filter(([e])=>e!==`text`)),this.typed(e)}wroteTitle(e){this.draft.writeTitle(e.target.value),this.forget(`title`),this.typed(e)}forget(e){this.errors=new Map([...this.errors].filter(([t])=>t!==e))}choseKind(e){this.draft.budgetKind=e.target.value,this.requestUpdate(),this.tell(`nm-typed`)}choseRegion(e){this.draft.region=e.detail,this.tell(`nm-typed`)}choseRecipient({detail:e}){this.draft.recipient=e,this.forget(`recipient`)}typed(e){this.requestUpdate(),e.isComposing||this.tell(`nm-typed`)}toggled(e){this.isMoreOpen=e.target.open}async show(e){let t=new Map;for(let n of e){let e=br(n);e&&!t.has(e)&&t.set(e,n.message)}this.errors=t;let n=_r.find(e=>t.has(e));n&&await this.goTo(n)}async goTo(e){(e===`budget`||e===`period`)&&(this.isMoreOpen=!0),e===`visibility`&&(this.isOpennessOpen=!0),await this.updateComplete,this.find(`#${e}`).focus()}};P([x({attribute:!1})],ei.prototype,`catalogue`,void 0),P([x({attribute:!1})],ei.prototype,`draft`,void 0),P([S()],ei.prototype,`errors`,void 0),P([S()],ei.prototype,`isMoreOpen`,void 0),P([S()],ei.prototype,`isOpennessOpen`,void 0),ei=P([b(`nm-demand-form`)],ei);var ti=300,ni=5,V=new yr;function ri(e){V=yr.of(e)}var ii=class extends N{constructor(...e){super(...e),this.problem=null,this.isPosting=!1,this.asking=new j(this),this.timer=0}connectedCallback(){super.connectedCallback(),V.previewed&&this.preview()}disconnectedCallback(){window.clearTimeout(this.timer),super.disconnectedCallback()}render(){return _`<div class="columns">
      <section class="panel" id="posting" aria-label=${d(`填写需求`)}>
        <p class="hint" id="samples">
          ${d(`先看看效果：`)}${zt.map(e=>_`<button type="button" class="small plain" @click=${()=>this.try(e)}>${d(e.name)}</button>`)}
        </p>
        <form id="form" novalidate autocomplete="off" @submit=${this.submitted} @nm-typed=${this.typed}>
          <nm-demand-form .catalogue=${this.context.catalogue} .draft=${V}></nm-demand-form>
          <nm-understanding .catalogue=${this.context.catalogue} .draft=${V} .answer=${this.asking.answer}
            @nm-go=${e=>this.form.goTo(e.detail)}
            @nm-corrected=${()=>this.requestUpdate()}></nm-understanding>
          ${this.decision()}
        </form>
      </section>
      <section class="panel" id="matches" aria-labelledby="matches-title" tabindex="-1">
        <h2 id="matches-title">${d(`匹配的服务机构`)}</h2>
        <p class="status" id="status" role="status">${this.said()}</p>
        <p class="hint" id="disclaimer">${d(`推荐不代表中选；是否委托由需求方自行核实后决定。排序依据公开列在每一条中。`)}</p>
        <div id="results" aria-busy=${this.asking.isBusy?`true`:`false`}>${this.results()}</div>
      </section>
    </div>`}decision(){let e=Object.keys(V.own).length>0,t=this.isPosting?`true`:`false`;return _`
      <p class="hint" id="corrected" ?hidden=${!e}>${d(`标签已更正，发布或保存时按更正的算；右边的预览仍按自动识别排序。`)}</p>
      <div class="actions sticky">
        <button type="submit" class="primary" id="publish" aria-disabled=${t}>${d(`发布并匹配`)}</button>
        <button type="button" id="save" aria-disabled=${t} @click=${()=>this.post(!1)}>${d(`存为草稿`)}</button>
        <button type="button" class="plain" id="clear" @click=${this.clear}>${d(`清空`)}</button>
      </div>
      <div id="posting-problem" role="alert">${this.problem?O(this.problem):y}</div>
    `}said(){let{answer:e,problem:t,isBusy:n}=this.asking;return this.isPosting?d(`正在保存……`):n?d(`正在识别和匹配……`):t?`${t.title}。`:e?d(`预览（未保存）：`)+(Nn(e,V)?d(`不像是专利导航需求，不参加匹配。`):Hr(e)):``}results(){return!this.asking.answer&&!this.asking.problem&&!this.asking.isBusy?_`<div class="empty">
        <p>${d(`粘贴或写下需求，这里会实时列出匹配的服务机构：谁排在前面、凭什么、哪里不合、哪些待核实。`)}</p>
      </div>`:this.asking.render(e=>Nn(e,V)?ai(e):Ur(e,{sides:`demand-provider`}))}get form(){return this.find(`nm-demand-form`)}try(e){this.begin(yr.of(e)),this.preview()}clear(){this.begin(new yr),this.form.goTo(`text`)}begin(e){window.clearTimeout(this.timer),V=e,this.problem=null,this.asking.forget(),this.form.show([])}typed(){window.clearTimeout(this.timer),this.asking.stop(),this.requestUpdate(),V.previewed?this.timer=window.setTimeout(()=>void this.preview(),ti):(V.own={},this.asking.forget())}async preview(){let e={...V.previewed,k:ni,include_weak:!0};await this.asking.ask(t=>w(`POST`,`/v1/preview`,{body:e,signal:t}))}submitted(e){e.preventDefault(),this.post(!0)}async post(e){if(this.isPosting)return;let t=V.problems;if(await this.form.show(t),!t.length){window.clearTimeout(this.timer),this.asking.stop(),this.isPosting=!0,this.problem=null;try{let t=await w(`POST`,`/v1/demands`,{body:V.body});V=new yr,await this.finish(t,e)}catch(e){if(yt(e)||!(e instanceof C))throw e;this.problem=e,await this.form.show(e.errors)}finally{this.isPosting=!1}}}async finish(e,t){if(Tr(d(`已存为草稿。`)),t)try{await w(`POST`,`/v1/demands/${e.id}/publish`),Tr(d(`已发布。`))}catch(e){if(!(e instanceof C))throw e;Tr(d(`已存为草稿，没有发布。`),e)}window.location.hash=`#/demands/${e.id}`}};P([x({attribute:!1})],ii.prototype,`context`,void 0),P([S()],ii.prototype,`problem`,void 0),P([S()],ii.prototype,`isPosting`,void 0),ii=P([b(`nm-post`)],ii);function ai(e){let{routing_hint:t}=e.understanding.quality,n=e.matches.length;return _`
    ${D(d(`这条内容不会参加匹配`),t??d(`应用场景已指定为不属于专利导航的事务。`))}
    ${n?_`<details>
          <summary>${d(`仍要查看最接近的 {n} 家服务机构`,{n})}</summary>
          ${Wr(e.matches,{sides:`demand-provider`})}
        </details>`:y}
  `}var oi=5,si=class extends N{constructor(...e){super(...e),this.latest=new j(this)}connectedCallback(){super.connectedCallback(),this.load()}render(){let{session:e}=this.context;return _`
      <nm-first-steps .session=${e}></nm-first-steps>
      ${T(e,`create_demand`)?this.samples():y}
      <section class="panel" aria-labelledby="latest-title">
        <h2 id="latest-title">${d(`最近的需求`)}</h2>
        ${this.latest.render(({items:e})=>e.length?this.rows(e):this.empty())}
      </section>
    `}samples(){return _`<section class="panel" aria-labelledby="samples-title">
      <h2 id="samples-title">${d(`用示例文字试一试`)}</h2>
      <p class="hint">${d(`点一段文字，看看系统读出什么、推荐谁。不点“发布”就不会保存。`)}</p>
      <ul class="tiles">
        ${zt.map(e=>_`<li>
            <button type="button" class="tile" @click=${()=>this.try(e)}>
              <strong>${d(e.name)}</strong><span>${e.text.split(`
`)[0]}</span>
            </button>
          </li>`)}
      </ul>
    </section>`}rows(e){return _`<ul class="lines">
      ${e.map(e=>_`<li>
          <a href="#/demands/${e.id}">${e.title}</a>
          <span class="hint">${e.region_name??``}　${Bn(this.context.catalogue,`DemandState`,e.state)}</span>
        </li>`)}
    </ul>`}empty(){let e=E(this.context.session)?d(`想先看看效果，可以在服务器上另用一个数据目录运行演示：NAVMATCH_DATA_DIR=data-demo NAVMATCH_PORT=8001 make demo，其中的机构、需求和案例都是虚构的。`):d(`想先看看效果，可以请管理员载入演示数据：机构、需求和案例都是虚构的。`);return k(d(`还没有登记的需求。`),e)}async load(){let e={limit:oi};await this.latest.ask(t=>w(`GET`,`/v1/demands`,{query:e,signal:t}))}try(e){ri(e),window.location.hash=`#/post`}};P([x({attribute:!1})],si.prototype,`context`,void 0),si=P([b(`nm-start`)],si);var ci=[`region`,`scenario`,`industry`],li=40;function ui({feed:e}){return new URL(e.replace(/^\//,``),new URL(`.`,window.location.href)).href}function di(e,t,n){let r=ci.map(e=>{var n;return((n=t[e])==null?void 0:n.name)??``});return hi(e?d(`像“{text}”`,{text:hi(e.split(`
`)[0],li/2)}):[...r,n].filter(Boolean).join(d(`、`)),li)}function fi({entity:e,text:t,filters:n}){return e===`demand`&&!t&&Object.keys(n).length>0}async function pi(e,t){let{region:n,scenario:r,industry:i}=e;return{...n?{region:{code:n,name:await t.regionName(n)}}:{},...r?{scenario:{code:r,name:t.scenarioName(r)}}:{},...i?{industry:{code:i,name:t.industryName(i)}}:{}}}async function mi({filters:e},t){let{region:n,scenario:r,industry:i,text:a}=e;return[n?await t.regionName(n):``,r?t.scenarioName(r):``,i?t.industryName(i):``,a?Qt(a):``].filter(Boolean)}function hi(e,t){let n=Array.from(e.replace(/\s+/g,` `).trim());return n.length>t?`${n.slice(0,t-1).join(``)}…`:n.join(``)}var gi=class extends N{constructor(...e){super(...e),this.heading=``,this.wide=!1,this.open=!1,this.content=()=>``}updated(e){if(!e.has(`open`))return;let t=this.find(`dialog`);this.open&&!t.open&&t.showModal(),!this.open&&t.open&&t.close()}render(){return _`<dialog class=${this.wide?`drawer wide`:`drawer`} aria-label=${this.heading}
      @close=${this.closed} @click=${this.clicked}>
      <div class="drawer-frame">
        <header>
          <h2>${this.heading}</h2>
          <button type="button" class="small" @click=${()=>this.find(`dialog`).close()}>${d(`关闭`)}</button>
        </header>
        <div class="drawer-body">${this.open?this.content():``}</div>
      </div>
    </dialog>`}closed(){this.open=!1,this.tell(`nm-close`)}clicked(e){e.target===e.currentTarget&&this.find(`dialog`).close()}};P([x()],gi.prototype,`heading`,void 0),P([x({type:Boolean})],gi.prototype,`wide`,void 0),P([x({type:Boolean})],gi.prototype,`open`,void 0),P([x({attribute:!1})],gi.prototype,`content`,void 0),gi=P([b(`nm-drawer`)],gi);var H=class{constructor(e){this.said=``,this.problem=null,this.isBusy=!1,this.host=e,e.addController(this)}hostConnected(){this.forget()}async make(e){if(this.isBusy)return!1;this.forget(),this.isBusy=!0;try{this.said=await e()}catch(e){if(!(e instanceof C))throw e;this.problem=e}finally{this.isBusy=!1,this.host.requestUpdate()}return this.problem===null}forget(){this.said=``,this.problem=null,this.host.requestUpdate()}refusal(){return _`<div role="alert">${this.problem?O(this.problem):y}</div>`}outcome(){return _`<p class="outcome-line" role="status">${this.said}</p>${this.refusal()}`}},_i=class extends N{constructor(...e){super(...e),this.path=``,this.query={},this.attempt=new H(this)}render(){return _`<button type="button" class="small" @click=${()=>this.save(`xlsx`)}>${d(`导出 XLSX`)}</button>
      <button type="button" class="small" @click=${()=>this.save(`csv`)}>${d(`导出 CSV`)}</button>
      ${this.attempt.outcome()}`}async save(e){await this.attempt.make(async()=>{let{name:t,content:n}=await vt(this.path+bt({...this.query,format:e})),r=document.createElement(`a`);return r.href=URL.createObjectURL(n),r.download=t,r.click(),URL.revokeObjectURL(r.href),``})}};P([x()],_i.prototype,`path`,void 0),P([x({attribute:!1})],_i.prototype,`query`,void 0),_i=P([b(`nm-export`)],_i);var vi=class extends N{constructor(...e){super(...e),this.filters=[],this.values={},this.chosen={},this.filled={},this.picked={}}willUpdate(e){e.has(`values`)&&(this.filled=this.values),e.has(`chosen`)&&(this.picked=this.chosen)}render(){return _`<form class="filter-bar" role="search" aria-label=${d(`筛选`)} autocomplete="off" @submit=${this.submitted}>
      ${this.filters.map(e=>this.field(e))}
      <div class="filter-actions">
        <button type="submit" class="primary">${d(`查询`)}</button>
        <button type="button" @click=${this.reset}>${d(`重置`)}</button>
      </div>
    </form>`}field(e){let t=`filter-${e.name}`;return _`<div class="field">
      <label for=${t}>${e.label}</label>
      ${this.control(e,t)}
    </div>`}control(e,t){let n=t=>{this.filled={...this.filled,[e.name]:t}};if(e.kind===`search`)return _`<nm-combobox input-id=${t} keeps placeholder=${d(`全部`)} .options=${e.options??[]}
        .finder=${e.finder??null} .typed=${e.typed??null} .chosen=${this.picked[e.name]??null}
        @nm-choose=${t=>{var r;this.picked={...this.picked,[e.name]:t.detail??void 0},n(((r=t.detail)==null?void 0:r.code)??``)}}></nm-combobox>`;let r=this.filled[e.name]??``;if(e.kind===`choice`){var i;return _`<select id=${t} @change=${e=>n(e.target.value)}>
        <option value="" ?selected=${!r}>${d(`全部`)}</option>
        ${(i=e.options)==null?void 0:i.map(({code:e,name:t})=>_`<option value=${e} ?selected=${e===r}>${d(t)}</option>`)}
      </select>`}return _`<input id=${t} type="text" .value=${r} @input=${e=>n(e.target.value)}>`}submitted(e){e.preventDefault();let t=Object.entries(this.filled).map(([e,t])=>[e,t.trim()]);this.tell(`nm-filter`,Object.fromEntries(t.filter(([,e])=>e)))}reset(){this.filled={},this.picked={},this.querySelectorAll(`nm-combobox`).forEach(e=>e.chosen=null),this.tell(`nm-filter`,{})}};P([x({attribute:!1})],vi.prototype,`filters`,void 0),P([x({attribute:!1})],vi.prototype,`values`,void 0),P([x({attribute:!1})],vi.prototype,`chosen`,void 0),P([S()],vi.prototype,`filled`,void 0),P([S()],vi.prototype,`picked`,void 0),vi=P([b(`nm-filter-bar`)],vi);var U=class{constructor(e,t){this.query={},this.rows=[],this.asking=new j(e),this.path=t}async load(e=this.query){this.query=e,await this.next(null)}render(e,t){return this.asking.render(n=>this.rows.length?_`<p class="hint" role="status">${d(`共 {n} 条，新的在前。`,{n:n.total.value})}</p>
            ${e(this.rows)}
            ${n.next_cursor?_`<button type="button" class="more" @click=${()=>this.next(n.next_cursor)}>${d(`显示更多`)}</button>`:y}`:t())}async next(e){let t={...this.query,cursor:e};await this.asking.ask(async n=>{let r=await w(`GET`,this.path,{query:t,signal:n});return this.rows=e?[...this.rows,...r.items]:r.items,r})}};async function yi(e){try{return await navigator.clipboard.writeText(e),d(`已复制。`)}catch{return d(`浏览器不许可复制，请选中后按 Ctrl+C。`)}}var bi=class extends N{constructor(...e){super(...e),this.heading=``,this.value=``,this.hint=``,this.said=``}render(){return D(this.heading,_`<p><code class="secret">${this.value}</code></p>
        <p class="hint">${this.hint}</p>
        <button type="button" class="small" @click=${this.copy}>${d(`复制`)}</button>
        <span role="status">${this.said}</span>`)}async copy(){this.said=await yi(this.value)}};P([x()],bi.prototype,`heading`,void 0),P([x()],bi.prototype,`value`,void 0),P([x()],bi.prototype,`hint`,void 0),P([S()],bi.prototype,`said`,void 0),bi=P([b(`nm-once`)],bi);function xi(e){return _`<p role="status">${d(`已订阅：{name}。`,{name:e.about.name})}<a href="#/subscriptions">${d(`全部订阅`)}</a></p>
    ${Si(e)}`}function Si(e){let t=d(`填进阅读器（Atom）就能在别处看。谁有这个地址谁就能看，请像密码一样保管；丢了可以换新。`);return _`<nm-once heading=${d(`订阅源地址只显示这一次`)} value=${ui(e)} hint=${t}></nm-once>`}var Ci=[`strong`,`good`,`fair`],wi=[`instant`,`hourly`,`daily`,`weekly`],Ti=[`demand`,`provider`],W=class extends N{constructor(...e){super(...e),this.text=``,this.given={},this.words=``,this.isLike=!0,this.chosen={},this.attempt=new H(this)}willUpdate(e){e.has(`given`)&&(this.chosen={...this.given},this.isLike=!this.words&&!ci.some(e=>this.given[e]))}render(){return _`<form novalidate autocomplete="off" @submit=${this.submitted}>
      <fieldset class="checks">
        <legend>${d(`怎么找`)}</legend>
        ${this.way(!0,d(`意思像一段文字的`))} ${this.way(!1,d(`符合几个条件的`))}
      </fieldset>
      ${this.isLike?this.likeness():y}
      <div class="field">
        <label for="subscription-entity">${d(`找什么`)}</label>
        ${this.choice(`entity`,Ti,`Entity`,`demand`)}
      </div>
      ${ci.map(e=>this.condition(e))}
      ${this.isLike?y:this.keyword()}
      <div class="field">
        <label for="subscription-cadence">${d(`最多多久通知一次`)}</label>
        ${this.choice(`cadence`,wi,`Cadence`,`daily`)}
      </div>
      <div class="field">
        <label for="subscription-name">${d(`名称`)}</label>
        <input id="subscription-name" name="name" type="text" aria-describedby="subscription-name-hint">
        <p class="hint" id="subscription-name-hint">${d(`不填就用要找的内容作名称。`)}</p>
      </div>
      <div class="actions"><button type="submit" class="primary">${d(`开始订阅`)}</button></div>
      ${this.attempt.refusal()}
    </form>`}way(e,t){return _`<label class="check">
      <input type="radio" name="way" .checked=${this.isLike===e} @change=${()=>this.isLike=e}>${t}
    </label>`}likeness(){return _`<div class="field">
        <label for="subscription-text">${d(`像这段文字的`)}</label>
        <textarea id="subscription-text" name="text" rows="6" .value=${this.text} aria-describedby="subscription-text-hint"
          @input=${e=>this.text=e.target.value}></textarea>
        <p class="hint" id="subscription-text-hint">${d(`粘贴一条需求或一段业务介绍，意思相近的一发布就通知；用词不必相同。`)}</p>
      </div>
      <div class="field">
        <label for="subscription-min_band">${d(`至少达到的匹配程度`)}</label>
        ${this.choice(`min_band`,Ci,`Band`,`good`)}
      </div>`}choice(e,t,n,r){return _`<select id="subscription-${e}" name=${e}>
      ${t.map(e=>_`<option value=${e} ?selected=${e===r}>${this.catalogue.label(n,e)}</option>`)}
    </select>`}condition(e){let{catalogue:t}=this,n={region:d(`所在地`),scenario:d(`应用场景`),industry:d(`产业`)},r={region:[],scenario:t.scenarios,industry:t.industries},i=e===`region`?e=>t.findRegions(e):null;return _`<div class="field">
      <label for="subscription-${e}">${n[e]}</label>
      <nm-combobox input-id="subscription-${e}" keeps placeholder=${d(`不限`)} .options=${r[e]} .finder=${i}
        .chosen=${this.chosen[e]??null} @nm-choose=${t=>this.choose(e,t.detail)}></nm-combobox>
    </div>`}keyword(){return _`<div class="field">
      <label for="subscription-words">${d(`标题或正文里的词`)}</label>
      <input id="subscription-words" name="words" type="text" .value=${this.words}>
    </div>`}choose(e,t){this.chosen={...this.chosen,[e]:t??void 0}}async submitted(e){e.preventDefault();let t=this.body(new FormData(e.target));await this.attempt.make(async()=>(this.tell(`nm-subscribed`,await w(`POST`,`/v1/subscriptions`,{body:t})),``))}body(e){let t=t=>String(e.get(t)??``).trim(),n=[...ci.map(e=>{var t;return[e,(t=this.chosen[e])==null?void 0:t.code]}),[`text`,t(`words`)]].filter(([,e])=>e);return{name:t(`name`)||di(t(`text`),this.chosen,t(`words`))||d(`未命名`),entity:t(`entity`),cadence:t(`cadence`),filters:Object.fromEntries(n),...this.isLike?{text:t(`text`),min_band:t(`min_band`)}:{}}}};P([x({attribute:!1})],W.prototype,`catalogue`,void 0),P([x()],W.prototype,`text`,void 0),P([x({attribute:!1})],W.prototype,`given`,void 0),P([x()],W.prototype,`words`,void 0),P([S()],W.prototype,`isLike`,void 0),P([S()],W.prototype,`chosen`,void 0),W=P([b(`nm-subscription-form`)],W);var Ei=new Set([`draft`,`submitted`,`base_review`,`returned`,`rejected`]),G=class extends N{constructor(...e){super(...e),this.own=!1,this.search=``,this.shown=null,this.isSubscribing=!1,this.made=null,this.demands=new U(this,`/v1/demands`),this.isFiltered=!1,this.query={},this.given={},this.words=``,this.values={}}willUpdate(e){e.has(`search`)&&this.apply(Object.fromEntries(new URLSearchParams(this.search)))}render(){var e;let{session:t}=this.context;return _`
      <nm-filter-bar class="panel" .filters=${this.filters()} .values=${this.values} .chosen=${this.given} @nm-filter=${this.filtered}></nm-filter-bar>
      <section class="panel" id="demands" aria-label=${d(`需求列表`)}>
        <div class="panel-tools">
          ${T(t,`export_demands`)?_`<nm-export path="/v1/demands/export" .query=${this.query}></nm-export>`:y}
          ${this.isWish?_`<button type="button" @click=${()=>this.isSubscribing=!0}>${d(`订阅这些条件`)}</button>`:y}
          ${T(t,`create_demand`)?_`<a class="button primary" href="#/post">${d(`发布需求`)}</a>`:y}
        </div>
        ${this.made?xi(this.made):y}
        ${this.demands.render(e=>this.table(e),()=>this.empty())}
      </section>
      <nm-drawer .open=${this.shown!==null} heading=${((e=this.shown)==null?void 0:e.title)??``} .content=${()=>this.drawer()}
        @nm-close=${()=>this.shown=null}></nm-drawer>
      <nm-drawer .open=${this.isSubscribing} heading=${d(`订阅这些条件`)} .content=${()=>this.wish()}
        @nm-close=${()=>this.isSubscribing=!1}></nm-drawer>
    `}filtered(e){let t=bt(e.detail).slice(1);t===this.search?this.load(e.detail):window.location.hash=`#${this.own?`/mine`:`/demands`}${t?`?${t}`:``}`}async apply(e){let t=new Set(this.filters().map(({name:e})=>e));this.values=Object.fromEntries(Object.entries(e).filter(([e,n])=>t.has(e)&&n)),this.words=this.values.text??``,this.made=null,ci.some(e=>this.values[e])?this.nameChosen(this.values):this.given={},await this.load(this.values)}async nameChosen(e){let t=e=>({code:e,name:e}),n=Object.fromEntries(ci.filter(t=>e[t]).map(n=>[n,t(e[n])]));try{n=await pi(e,this.context.catalogue)}catch(e){if(!(e instanceof C))throw e}e===this.values&&(this.given=n)}get isWish(){return(!!this.words||ci.some(e=>this.given[e]))&&!this.own&&T(this.context.session,`create_subscription`)}wish(){return _`<nm-subscription-form .catalogue=${this.context.catalogue} .given=${this.given} words=${this.words}
      @nm-subscribed=${e=>{this.made=e.detail,this.isSubscribing=!1}}></nm-subscription-form>`}async load(e){this.isFiltered=Object.keys(e).length>0,this.query={...e,own:this.own||null},await this.demands.load({...this.query,limit:20})}filters(){let{catalogue:e}=this.context;return[{name:`text`,label:d(`关键词或编号`),kind:`text`},{name:`state`,label:d(`状态`),kind:`choice`,options:e.choices(`DemandState`)},{name:`region`,label:d(`所在地`),kind:`search`,finder:t=>e.findRegions(t)},{name:`scenario`,label:d(`应用场景`),kind:`search`,options:e.scenarios},{name:`industry`,label:d(`产业`),kind:`search`,options:e.industries}]}table(e){return _`<table class="rows">
      <caption class="unseen">${d(`需求列表`)}</caption>
      <thead>
        <tr>
          <th scope="col">${d(`标题`)}</th>
          <th scope="col">${d(`应用场景`)}</th>
          <th scope="col">${d(`所在地`)}</th>
          <th scope="col">${d(`预算`)}</th>
          <th scope="col">${d(`状态`)}</th>
          <th scope="col">${d(`更新时间`)}</th>
          <th scope="col">${d(`操作`)}</th>
        </tr>
      </thead>
      <tbody>${e.map(e=>this.row(e))}</tbody>
    </table>`}row(e){let{catalogue:t}=this.context,{budget:n}=e;return _`<tr>
      <th scope="row" data-name=${d(`标题`)}>
        <button type="button" class="link" @click=${()=>this.shown=e}>${e.title}</button>
        <span class="because">${e.demand_no}${Un(e)?`　${d(`演示`)}`:``}</span>
      </th>
      <td data-name=${d(`应用场景`)}>${L(e.tags,`scenario`,t)||d(`未识别到`)}</td>
      <td data-name=${d(`所在地`)}>${e.region_name??d(`未说明`)}</td>
      <td data-name=${d(`预算`)} class="nowrap">${n?Xt(n,t.label(`BudgetKind`,n.kind)):d(`未说明`)}</td>
      <td data-name=${d(`状态`)}>${Bn(t,`DemandState`,e.state)}</td>
      <td data-name=${d(`更新时间`)} class="nowrap">${M(e.updated_at)}</td>
      <td data-name=${d(`操作`)} class="nowrap"><a href="#/demands/${e.id}">${this.stepWords(e)}<span class="unseen">${e.title}</span></a></td>
    </tr>`}stepWords(e){return e.quality&&!Ei.has(e.state)&&T(this.context.session,`match_demand`)?d(`看匹配`):d(`查看`)}drawer(){return this.shown?_`${Vn(this.shown,this.context.catalogue)}
      <div class="actions"><a class="button primary" href="#/demands/${this.shown.id}">${this.stepWords(this.shown)}</a></div>`:y}empty(){return this.own&&!this.isFiltered?k(d(`贵单位还没有发布需求。`),_`${d(`把需求原文粘贴进来就可以发布：`)}<a href="#/post">${d(`发布需求`)}</a>`):this.isFiltered?k(d(`没有符合条件的需求。`),d(`减少几个条件，或点“重置”看全部。`)):Lt(this.context.session)?k(d(`还没有登记的需求。`),d(`服务基地发布后会出现在这里，也会按贵机构的能力推荐给您。`)):k(d(`还没有登记的需求。`),_`${d(`把需求原文粘贴进来就可以发布：`)}<a href="#/post">${d(`发布需求`)}</a>`)}};P([x({attribute:!1})],G.prototype,`context`,void 0),P([x({type:Boolean})],G.prototype,`own`,void 0),P([x()],G.prototype,`search`,void 0),P([S()],G.prototype,`shown`,void 0),P([S()],G.prototype,`isSubscribing`,void 0),P([S()],G.prototype,`made`,void 0),P([S()],G.prototype,`given`,void 0),P([S()],G.prototype,`values`,void 0),G=P([b(`nm-demands`)],G);var Di={base:[`invite`,`shortlist`,`hide`],provider:[`express_interest`,`ask`,`decline`]},Oi=new Set([`view`,`save`]),ki=[`accept`,`express_interest`,`invite`,`answer`,`ask`,`offer`,`offer_revised`,`meeting_proposed`,`meeting_held`,`confirm`,`convert`,`shortlist`,`unshortlist`,`rate`,`hide`,`unhide`,`decline`,`withdraw`,`report_abuse`],Ai=new Set([`invite`,`express_interest`,`ask`,`shortlist`,`unshortlist`,`hide`]),ji=new Set([`confirmed`,`converted`]),Mi=new Set([`ask`,`answer`,`offer`,`offer_revised`,`meeting_proposed`,`report_abuse`]),Ni=new Set([`decline`,`hide`]),Pi=[`region_far`,`no_capacity`,`conflict_of_interest`],Fi={base:[`scenario_mismatch`,`industry_mismatch`,`no_similar_case`,`credential_missing`,`price_high`,`chosen_other`,`description_unclear`,`demand_changed`,...Pi],provider:[`budget_low`,`period_short`,`description_vague`,`data_unavailable`,`out_of_field`,`secrecy_required`,`not_real_demand`,...Pi]};function Ii(e,t,n=!1){let r=n||ji.has((e==null?void 0:e.state)??``),i=e=>!r||!Ai.has(e);return e?e.acts.filter(t=>!Oi.has(t)&&i(t)&&Li(e,t)).sort((t,n)=>Ri(t,e)-Ri(n,e)):Di[t].filter(i)}function Li(e,t){return t===`shortlist`?!e.is_shortlisted:t===`unshortlist`?e.is_shortlisted:t===`hide`?!e.hidden_reason:t===`unhide`?!!e.hidden_reason:t===`invite`||t===`express_interest`?!e.acts.includes(`accept`):!0}function Ri(e,t){if(e===`answer`&&t.awaiting!==t.my_side)return ki.indexOf(`shortlist`)-.5;let n=ki.indexOf(e);return n<0?ki.length:n}function zi(e){return Mi.has(e)}function Bi(e){return{report_abuse:d(`只有平台管理方和服务基地所在地的主管部门看得到，对方看不到。请写明对方说了或做了什么。`),decline:d(`谢绝后对接结束，对方看得到原因；以后只有您这一方可以重新开始。`),convert:d(`记在对接经过里，机构也看得到。`)}[e]??``}function Vi(e,t){return{confirm:d(`确认后需求变为“已匹配”，不再找其他机构，不能再修改、暂停或撤回，也不能取消确认。确定与“{name}”确认合作吗？`,{name:t}),convert:d(`立项后需求变为“已立项”，不能取消。确定登记与“{name}”立项吗？`,{name:t}),withdraw:d(`撤回后对接结束，对方会收到通知；以后可以重新开始。确定撤回与“{name}”的对接吗？`,{name:t})}[e]??``}function Hi(e){return e===`convert`}function Ui(e){return Ni.has(e)}function Wi(e){return e===`rate`}function Gi(e){return Fi[e]}function Ki(e){return{invite:d(`邀请`),shortlist:d(`列入候选`),unshortlist:d(`移出候选`),hide:d(`不再显示`),unhide:d(`恢复显示`),express_interest:d(`表示意向`),ask:d(`提问`),answer:d(`答复`),accept:d(`接受`),decline:d(`谢绝`),withdraw:d(`撤回`),meeting_proposed:d(`约谈`),meeting_held:d(`已面谈`),offer:d(`提交方案和报价`),offer_revised:d(`修改方案和报价`),confirm:d(`确认合作`),rate:d(`评价`),convert:d(`立项`),report_abuse:d(`举报`)}[e]??e}function qi(e){return{scenario_mismatch:d(`应用场景不符`),industry_mismatch:d(`产业领域不符`),no_similar_case:d(`没有类似案例`),credential_missing:d(`缺少所需资质`),price_high:d(`报价过高`),chosen_other:d(`已选其他机构`),description_unclear:d(`能力介绍不清楚`),demand_changed:d(`需求已变化`),region_far:d(`距离过远`),no_capacity:d(`近期无力承接`),conflict_of_interest:d(`存在利益冲突`),budget_low:d(`预算过低`),period_short:d(`期限过短`),description_vague:d(`需求描述不清楚`),data_unavailable:d(`缺少所需数据`),out_of_field:d(`不属于业务领域`),secrecy_required:d(`保密要求无法满足`),not_real_demand:d(`疑似不是真实需求`)}[e]??e}function Ji(e,t,n,r){if(!e)return w(`POST`,`/v1/interactions`,{body:{...t,act:n,...r}});let i={act:n,version:e.version,...r};return w(`POST`,`/v1/interactions/${e.id}/acts`,{body:i})}async function Yi(e,t){let n=await w(`GET`,`/v1/interactions`,{query:{...e,limit:50},signal:t}),r=`demand`in e?`provider_id`:`demand_id`;return new Map(n.items.map(e=>[e[r],e]))}function Xi(e){let t=e=>e!=null&&e.length?A(e.map(({text:e})=>e)):_`<span class="because">${d(`没有。`)}</span>`,n=[[d(`匹配程度`),e=>cn(e.band)],[d(`能力`),e=>e.item.title],[d(`所在地`),e=>{var t;return((t=e.organisation)==null?void 0:t.region_name)??d(`未说明`)}],...Zi(e),[d(`支持`),e=>{var n;return t((n=e.explanation)==null?void 0:n.reasons_for)}],[d(`不利`),e=>{var n;return t((n=e.explanation)==null?void 0:n.reasons_against)}],[d(`待核实`),e=>{var n;return t((n=e.explanation)==null?void 0:n.unknowns)}]];return _`<div class="scroll" tabindex="0" role="region" aria-label=${d(`并排比较`)}>
    <table class="compare">
      <thead>
        <tr><td></td>${e.map(e=>_`<th scope="col">${sn(e)}</th>`)}</tr>
      </thead>
      <tbody>
        ${n.map(([t,n])=>_`<tr><th scope="row">${t}</th>${e.map(e=>_`<td>${n(e)}</td>`)}</tr>`)}
      </tbody>
    </table>
  </div>`}function Zi(e){let t=new Map(e.flatMap(({rules:e})=>e.map(({rule_id:e,title:t})=>[e,t])));return Array.from(t,([e,t])=>[d(`资格：{title}`,{title:t}),t=>{let n=t.rules.find(({rule_id:t})=>t===e);return n?_`${ln(n.outcome)}<span class="because">${n.fact}</span>`:d(`不适用`)}])}var Qi=class extends N{constructor(...e){super(...e),this.rowId=``,this.words=``,this.contact=new j(this)}willUpdate(e){e.has(`rowId`)&&this.contact.forget()}render(){return _`<div class="contact">
      <button type="button" class="small" @click=${this.look}>${this.words}</button>
      <span class="hint">${d(`每次查看都记入审计。`)}</span>
      ${this.contact.render(e=>ta(e))}
    </div>`}forget(){this.contact.forget()}look(){this.contact.ask(e=>w(`GET`,`/v1/contacts/${this.rowId}`,{signal:e}))}};P([x({attribute:`row-id`})],Qi.prototype,`rowId`,void 0),P([x()],Qi.prototype,`words`,void 0),Qi=P([b(`nm-contact`)],Qi);var $i=class extends N{constructor(...e){super(...e),this.rowId=``,this.attempt=new H(this)}render(){return _`<details>
      <summary>${d(`联系人`)}</summary>
      <p class="hint">${d(`与正文分开存放，不参加匹配；双方都有意后，对方才看得到。`)}</p>
      <nm-contact row-id=${this.rowId} words=${d(`查看已登记的联系人`)}></nm-contact>
      <form class="narrow" novalidate autocomplete="off" @submit=${this.submitted}>
        ${ea(`name`,d(`姓名`))} ${ea(`phone`,d(`电话`))} ${ea(`email`,d(`电子邮箱`))}
        <div class="actions">
          <button type="submit" class="small primary">${d(`保存联系人`)}</button>
          <button type="button" class="small" @click=${this.erase}>${d(`删除联系人`)}</button>
        </div>
        ${this.attempt.outcome()}
      </form>
    </details>`}async submitted(e){e.preventDefault();let t=e.target,n=Array.from(new FormData(t),([e,t])=>[e,String(t).trim()]),r=Object.fromEntries(n.filter(([,e])=>e));await this.attempt.make(async()=>(await w(`PUT`,`/v1/contacts/${this.rowId}`,{body:r}),t.reset(),d(`联系人已保存。`)))}async erase(){window.confirm(d(`删除后对方也不再看到，不能恢复。确定删除联系人吗？`))&&await this.attempt.make(async()=>{var e;return await w(`DELETE`,`/v1/contacts/${this.rowId}`),(e=this.find(`nm-contact`))==null||e.forget(),d(`联系人已删除。`)})}};P([x({attribute:`row-id`})],$i.prototype,`rowId`,void 0),$i=P([b(`nm-contact-form`)],$i);function ea(e,t){return _`<div class="field"><label for="contact-${e}">${t}</label>
    <input id="contact-${e}" name=${e} type="text"></div>`}function ta({name:e,phone:t,email:n,recipient_name:r}){return _`<dl class="pairs">
    ${[[d(`姓名`),e],[d(`电话`),t],[d(`电子邮箱`),n],[d(`使用单位`),r]].map(([e,t])=>t?_`<dt>${e}</dt><dd>${t}</dd>`:y)}
  </dl>`}var na=class extends N{constructor(...e){super(...e),this.draft=new yr,this.attempt=new H(this)}willUpdate(e){e.has(`demand`)&&(this.draft=yr.ofDemand(this.demand))}render(){return _`<form novalidate autocomplete="off" @submit=${this.submitted}>
      <nm-demand-form .catalogue=${this.catalogue} .draft=${this.draft}></nm-demand-form>
      <p class="hint">${d(`只保存改动的几项；清空的交回由正文识别。标签在“应用场景”“产业”里改。`)}</p>
      <div class="actions"><button type="submit" class="primary">${d(`保存`)}</button></div>
      ${this.attempt.refusal()}
    </form>`}async submitted(e){var t;e.preventDefault();let n=this.find(`nm-demand-form`),{problems:r,changes:i}=this.draft;if(await n.show(r),r.length)return;let{id:a,version:o}=this.demand;await this.attempt.make(async()=>(Object.keys(i).length&&await w(`PATCH`,`/v1/demands/${a}`,{body:{...i,version:o}}),``))?this.tell(`nm-saved`):await n.show(((t=this.attempt.problem)==null?void 0:t.errors)??[])}};P([x({attribute:!1})],na.prototype,`catalogue`,void 0),P([x({attribute:!1})],na.prototype,`demand`,void 0),P([S()],na.prototype,`draft`,void 0),na=P([b(`nm-demand-change`)],na);var ra=2e3,ia=60,aa=4,oa=[5,4,3,2,1],K=class extends N{constructor(...e){super(...e),this.demandId=``,this.providerId=``,this.acting=`base`,this.about=``,this.isOver=!1,this.known=null,this.opened=``,this.problem=null,this.isBusy=!1}render(){return _`<div class="dealing">
      ${this.known?this.standing(this.known):y}
      <div class="actions">
        ${Ii(this.known,this.acting,this.isOver).slice(0,this.known?void 0:aa).map((e,t)=>this.button(e,t===0))}
      </div>
      ${this.opened?this.form(this.opened):y}
      <div role="alert">${this.problem?O(this.problem):y}</div>
    </div>`}standing(e){let t=e.due_at?d(`请在 {moment} 前答复`,{moment:M(e.due_at)}):``,n=e.awaiting===e.my_side;return _`<p class="dealing-state">
      <span class="state">${d(e.state_label)}</span>
      ${e.is_shortlisted?_`<span class="state active">${d(`候选`)}</span>`:y}
      ${e.hidden_reason?_`<span class="state">${d(`不再显示：{reason}`,{reason:qi(e.hidden_reason)})}</span>`:y}
      ${n&&t?_`<span class="due">${t}</span>`:y}
    </p>`}button(e,t){let n=zi(e)||Ui(e)||Wi(e)||Hi(e);return _`<button type="button" class=${t?`small primary`:`small`} aria-disabled=${this.isBusy?`true`:`false`}
      aria-expanded=${n?this.opened===e?`true`:`false`:y}
      @click=${()=>n?this.toggle(e):this.take(e,{})}>${Ki(e)}<span class="unseen">${this.about}</span></button>`}form(e){let t=`${e}-${this.demandId}-${this.providerId}`;return _`<form class="dealing-form" novalidate @submit=${t=>this.submitted(t,e)}>
      ${Ui(e)?_`<div class="field">
            <label for="${t}-reason">${d(`原因`)}</label>
            <select id="${t}-reason" name="reason">
              ${Gi(this.acting).map(e=>_`<option value=${e}>${qi(e)}</option>`)}
            </select>
          </div>`:y}
      ${Wi(e)?this.stars(t):y}
      <div class="field">
        ${Hi(e)?_`<label for="${t}-body">${d(`立项号（可不填）`)}</label>
              <input id="${t}-body" name="body" type="text" autocomplete="off" maxlength=${ia} aria-describedby="${t}-hint">`:_`<label for="${t}-body">${zi(e)?d(`内容`):d(`补充说明（可不填）`)}</label>
              <textarea id="${t}-body" name="body" rows="3" maxlength=${ra} aria-describedby="${t}-hint"></textarea>`}
        <p class="hint" id="${t}-hint">${Bi(e)}</p>
      </div>
      <div class="actions">
        <button type="submit" class="small primary">${d(`确定`)}${Ki(e)}</button>
        <button type="button" class="small" @click=${()=>this.toggle(``)}>${d(`取消`)}</button>
      </div>
    </form>`}stars(e){return[[`quality`,d(`完成质量`)],[`usefulness`,d(`成果实用性`)]].map(([t,n])=>_`<div class="field">
        <label for="${e}-${t}">${n}</label>
        <select id="${e}-${t}" name=${t}>${oa.map(e=>_`<option value=${e}>${d(`{n} 星`,{n:e})}</option>`)}</select>
      </div>`)}async toggle(e){var t;this.opened=this.opened===e?``:e,await this.updateComplete,(t=this.find(`.dealing-form select, .dealing-form textarea, .dealing-form input`))==null||t.focus()}submitted(e,t){e.preventDefault();let n=new FormData(e.target),r=e=>String(n.get(e)??``).trim(),i={};r(`body`)&&(i.body=r(`body`)),r(`reason`)&&(i.reason=r(`reason`)),Wi(t)&&(i.quality=Number(r(`quality`)),i.usefulness=Number(r(`usefulness`))),this.take(t,i)}async take(e,t){if(this.isBusy)return;let n=Vi(e,this.about);if(!n||window.confirm(n)){this.isBusy=!0;try{let n={demand_id:this.demandId,provider_id:this.providerId};this.known=await Ji(this.known,n,e,t),this.problem=null,this.opened=``,this.tell(`nm-dealt`,this.known)}catch(e){if(!(e instanceof C))throw e;this.problem=e}finally{this.isBusy=!1}}}};P([x({attribute:`demand-id`})],K.prototype,`demandId`,void 0),P([x({attribute:`provider-id`})],K.prototype,`providerId`,void 0),P([x()],K.prototype,`acting`,void 0),P([x()],K.prototype,`about`,void 0),P([x({type:Boolean,attribute:`is-over`})],K.prototype,`isOver`,void 0),P([x({attribute:!1})],K.prototype,`known`,void 0),P([S()],K.prototype,`opened`,void 0),P([S()],K.prototype,`problem`,void 0),P([S()],K.prototype,`isBusy`,void 0),K=P([b(`nm-dealing`)],K);var q=class extends N{constructor(...e){super(...e),this.path=``,this.words=d(`保存标签并重新匹配`),this.isChanged=!1,this.problem=null,this.findClasses=e=>this.catalogue.findClasses(e)}render(){let e=e=>this.row.tags.filter(t=>t.scheme===e),t=this.row.tags.some(({source:e})=>e===`human`);return _`<div @nm-tags=${this.noteChange}>
      <nm-tagger id="stored-scenarios" label=${d(`应用场景`)} most="3" alone="OTH" .options=${this.catalogue.scenarios}
        .automatic=${e(`scenario`)}></nm-tagger>
      <nm-tagger id="stored-industries" label=${d(`产业`)} most="5" .options=${this.catalogue.industries}
        .automatic=${e(`sei2018`)}></nm-tagger>
      <nm-tagger id="stored-classes" label=${d(`国民经济行业`)} most="5" .finder=${this.findClasses}
        .automatic=${e(`gb4754`)}></nm-tagger>
      <div class="actions">
        ${this.isChanged?_`<button type="button" class="small primary" @click=${()=>this.save(this.chosen)}>${this.words}</button>`:y}
        ${t?_`<button type="button" class="small" @click=${()=>this.save({scenarios:null,industries:null,classes:null})}>${d(`恢复自动标签`)}</button>`:y}
      </div>
      ${this.problem?O(this.problem):y}
    </div>`}codes(e){return this.find(`#stored-${e}`).codes}get chosen(){let e=[`scenarios`,`industries`,`classes`].map(e=>[e,this.codes(e)]);return Object.fromEntries(e.filter(e=>e[1]!==null))}noteChange(){this.isChanged=Object.keys(this.chosen).length>0}async save(e){try{await w(`PUT`,`${this.path}/tags`,{body:{version:this.row.version,...e}}),this.querySelectorAll(`nm-tagger`).forEach(e=>e.own=null),this.isChanged=!1,this.problem=null,this.tell(`nm-saved`)}catch(e){if(!(e instanceof C))throw e;this.problem=e}}};P([x({attribute:!1})],q.prototype,`catalogue`,void 0),P([x({attribute:!1})],q.prototype,`row`,void 0),P([x()],q.prototype,`path`,void 0),P([x()],q.prototype,`words`,void 0),P([S()],q.prototype,`isChanged`,void 0),P([S()],q.prototype,`problem`,void 0),q=P([b(`nm-stored-tags`)],q);var sa={k:10,include_weak:!0},ca=new Set([`draft`,`returned`,`paused`,`rejected`]),la=new Set([`published`,`matching`,`shortlisted`]),ua=new Set([`matched`,`project_created`,`closed`,`withdrawn`]),J=class extends N{constructor(...e){super(...e),this.row=``,this.lead=``,this.problem=null,this.compared=[],this.isComparing=!1,this.isSubscribing=!1,this.isChanging=!1,this.made=null,this.demand=new j(this),this.fitting=new j(this),this.dealings=new j(this)}willUpdate(e){e.has(`row`)&&({words:this.lead,problem:this.problem}=Er(),this.compared=[],this.made=null,this.demand.forget(),this.fitting.forget(),this.dealings.forget(),this.load())}render(){return _`
      <section class="panel" id="subject">
        ${this.demand.render(e=>this.subject(e))}
        <div role="alert">${this.problem?O(this.problem):y}</div>
      </section>
      ${this.isOurs?this.ranking():y}
    `}ranking(){return _`<section class="panel" id="matches" aria-labelledby="matches-title" tabindex="-1">
      <div class="panel-tools">
        ${T(this.context.session,`export_matches`)?_`<nm-export path="/v1/demands/${this.row}/matches/export" .query=${sa}></nm-export>`:y}
        ${T(this.context.session,`report_demand`)?this.reports():y}
      </div>
      <h2 id="matches-title">${d(`匹配的服务机构`)}</h2>
      <p class="status" id="status" role="status">${this.said()}</p>
      <p class="hint" id="disclaimer">${d(`推荐不代表中选；是否委托由需求方自行核实后决定。排序依据公开列在每一条中。`)}</p>
      ${la.has(this.demand.answer.state)?_`<p class="hint" id="inviting">${d(`点“邀请”会通知机构，请它在 5 个工作日内答复；机构答应后，双方互相看到联系人。可以撤回。`)}</p>`:y}
      <div id="results">${this.fitting.render(e=>this.results(e))}</div>
      ${this.comparing()}
    </section>`}reports(){let e=`v1/demands/${this.row}/report?k=${sa.k}`;return _`<a class="button small" href="${e}&format=docx" download>${d(`会议报告（Word）`)}</a>
      <a class="button small" href="${e}&format=html" target="_blank" rel="noopener">${d(`打印页`)}<span class="unseen">${d(`（在新页打开）`)}</span></a>`}get isOurs(){var e;return!!((e=this.demand.answer)!=null&&e.quality)&&T(this.context.session,`match_demand`)}async load(){let e=`/v1/demands/${this.row}`;await this.demand.ask(t=>w(`GET`,e,{signal:t}))&&this.isOurs&&(T(this.context.session,`list_interactions`)&&await this.dealings.ask(e=>Yi({demand:this.row},e)),await this.fitting.ask(t=>w(`GET`,`${e}/matches`,{query:sa,signal:t})))}said(){let{answer:e,problem:t,isBusy:n}=this.fitting;return n?`${this.lead}${d(`正在匹配……`)}`:t?`${this.lead}${t.title}。`:e?this.lead+Hr(e):this.lead}subject(e){let{catalogue:t,session:n}=this.context,r=T(n,`decide_demand_tags`)&&e.quality!==null;return _`<div class="subject">
      <h2>${e.title}</h2>
      <p class="hint">${e.demand_no}　${Bn(t,`DemandState`,e.state)}　${e.region_name??``}</p>
      <details ?open=${!this.isOurs}><summary>${d(`需求全文与各项事实`)}</summary>${Vn(e,t)}</details>
      ${this.isOurs||Lt(n)?y:_`<p class="hint">${d(`匹配结果只给发布这条需求的单位看。`)}</p>`}
      ${r?_`${ua.has(e.state)?y:this.tags(e)}
            ${T(n,`set_contact`)?_`<nm-contact-form row-id=${e.id}></nm-contact-form>`:y}
            <div class="actions">${this.steps(e)}</div>`:y}
      ${T(n,`create_subscription`)?_`<div class="actions"><button type="button" class="small" @click=${()=>this.isSubscribing=!0}>${d(`订阅像这样的需求`)}</button></div>`:y}
      ${this.made?xi(this.made):y}
      <nm-drawer heading=${d(`修改需求`)} .open=${this.isChanging} .content=${()=>this.change(e)}
        @nm-close=${()=>this.isChanging=!1}></nm-drawer>
      <nm-drawer heading=${d(`订阅像这样的需求`)} .open=${this.isSubscribing} .content=${()=>this.wish(e)}
        @nm-close=${()=>this.isSubscribing=!1}></nm-drawer>
    </div>`}tags(e){return _`<nm-stored-tags .catalogue=${this.context.catalogue} .row=${e} path="/v1/demands/${e.id}"
      @nm-saved=${()=>this.saved(d(`标签已保存。`))}></nm-stored-tags>`}wish(e){let t=e=>{this.made=e.detail,this.isSubscribing=!1},n=`${e.title}\n${e.description}`;return _`<nm-subscription-form .catalogue=${this.context.catalogue} text=${n} @nm-subscribed=${t}></nm-subscription-form>`}steps({state:e}){let t=(e,t,n,r)=>_`<button type="button" class=${n} @click=${()=>this.take(t,r)}>${e}</button>`;return[(la.has(e)||ca.has(e))&&T(this.context.session,`change_demand`)?_`<button type="button" class="small" @click=${()=>this.isChanging=!0}>${d(`修改需求`)}</button>`:y,ca.has(e)?t(d(`发布`),`publish`,`primary small`,d(`已发布。`)):y,la.has(e)?t(d(`暂停`),`pause`,`small`,d(`已暂停。`)):y,la.has(e)||e===`paused`?t(d(`撤回`),`withdraw`,`small`,d(`已撤回。`)):y]}async take(e,t){if(e!==`withdraw`||window.confirm(d(`撤回后不再参加匹配，不能恢复。确定撤回吗？`)))try{await w(`POST`,`/v1/demands/${this.row}/${e}`),this.problem=null,this.lead=t,await this.load()}catch(e){if(!(e instanceof C))throw e;this.problem=e}}change(e){return _`<nm-demand-change .catalogue=${this.context.catalogue} .demand=${e} @nm-saved=${()=>{this.isChanging=!1,this.saved(d(`修改已保存。`))}}></nm-demand-change>`}async saved(e){this.lead=e,await this.load()}results(e){let t=({item:e})=>{var t;return!!((t=this.dealings.answer)!=null&&(t=t.get(e.group_id))!=null&&t.hidden_reason)},n={sides:`demand-provider`,actions:e=>this.actions(e)},r=e.matches.filter(t);return _`${Ur({...e,matches:e.matches.filter(e=>!t(e))},n)}
      ${r.length?_`<details><summary>${d(`查看 {n} 家不再显示的机构`,{n:r.length})}</summary>${Wr(r,n)}</details>`:y}`}actions(e){var t;let n=this.compared.some(({item:t})=>t.id===e.item.id),r=!n&&this.compared.length>=4,i=e.item.group_id;return _`${T(this.context.session,`begin_interaction`)?_`<nm-dealing acting="base" demand-id=${this.row} provider-id=${i} about=${sn(e)}
            ?is-over=${ua.has(this.demand.answer.state)} .known=${((t=this.dealings.answer)==null?void 0:t.get(i))??null} @nm-dealt=${this.dealt}></nm-dealing>`:y}
      <label class="check">
      <input type="checkbox" .checked=${n} ?disabled=${r} @change=${()=>this.toggle(e)}>
      ${d(`加入比较`)}<span class="unseen">${sn(e)}</span>
    </label>`}dealt(e){var t;(t=this.dealings.answer)==null||t.set(e.detail.provider_id,e.detail),this.demand.ask(e=>w(`GET`,`/v1/demands/${this.row}`,{signal:e}))}toggle(e){let t=this.compared.filter(({item:t})=>t.id!==e.item.id);this.compared=t.length<this.compared.length?t:[...t,e]}comparing(){let e=this.compared.length;return _`
      ${e?_`<div class="dock">
            <span role="status">${d(`已选 {n} 家，最多比较 {most} 家`,{n:e,most:4})}</span>
            <button type="button" class="primary small" ?disabled=${e<2} @click=${()=>this.isComparing=!0}>${d(`比较`)}</button>
            <button type="button" class="small" @click=${()=>this.compared=[]}>${d(`清空`)}</button>
          </div>`:y}
      <nm-drawer wide heading=${d(`并排比较`)} .open=${this.isComparing} .content=${()=>Xi(this.compared)}
        @nm-close=${()=>this.isComparing=!1}></nm-drawer>
    `}};P([x({attribute:!1})],J.prototype,`context`,void 0),P([x()],J.prototype,`row`,void 0),P([S()],J.prototype,`lead`,void 0),P([S()],J.prototype,`problem`,void 0),P([S()],J.prototype,`compared`,void 0),P([S()],J.prototype,`isComparing`,void 0),P([S()],J.prototype,`isSubscribing`,void 0),P([S()],J.prototype,`isChanging`,void 0),P([S()],J.prototype,`made`,void 0),J=P([b(`nm-demand`)],J);var da=class extends N{constructor(...e){super(...e),this.setting=new j(this),this.attempt=new H(this)}connectedCallback(){super.connectedCallback(),this.setting.ask(e=>w(`GET`,`/v1/mailbox`,{signal:e}))}render(){return _`<section class="panel" aria-labelledby="mailbox-title">
      <h2 id="mailbox-title">${d(`邮件摘要`)}</h2>
      <p>${d(`未读的通知汇成一封邮件，有新的才发；设置之前的不补发。`)}</p>
      ${this.setting.render(e=>this.form(e))}
      ${this.attempt.outcome()}
    </section>`}form({address:e,cadence:t,is_sent:n}){return _`${n?y:D(d(`本安装还发不了邮件`),d(`管理员还没有设置邮件服务器。可以先填好地址，设置后即开始发送。`))}
      <form class="narrow" novalidate @submit=${this.save}>
        <div class="field">
          <label for="mailbox-address">${d(`电子邮箱`)}</label>
          <input id="mailbox-address" name="address" type="text" inputmode="email" autocomplete="email" .value=${e??``}>
        </div>
        <div class="field">
          <label for="mailbox-cadence">${d(`最多多久一封`)}</label>
          <select id="mailbox-cadence" name="cadence">
            ${this.catalogue.choices(`Cadence`).map(({code:e,name:n})=>_`<option value=${e} ?selected=${e===(t??`daily`)}>${d(n)}</option>`)}
          </select>
        </div>
        <div class="actions">
          <button type="submit" class="primary">${d(`保存`)}</button>
          ${e?_`<button type="button" @click=${this.stop}>${d(`停发并删除地址`)}</button>`:y}
        </div>
      </form>`}async save(e){e.preventDefault();let t=new FormData(e.target),n={address:String(t.get(`address`)).trim(),cadence:String(t.get(`cadence`))};await this.attempt.make(async()=>{let e=await w(`PUT`,`/v1/mailbox`,{body:n});return await this.setting.ask(()=>Promise.resolve(e)),d(`已保存。`)})}async stop(){await this.attempt.make(async()=>(await w(`DELETE`,`/v1/mailbox`),await this.setting.ask(e=>w(`GET`,`/v1/mailbox`,{signal:e})),d(`已停发，地址已删除。`)))}};P([x({attribute:!1})],da.prototype,`catalogue`,void 0),da=P([b(`nm-mailbox`)],da);var fa=class extends N{constructor(...e){super(...e),this.hint=``,this.isShown=!1}connectedCallback(){var e;super.connectedCallback(),(e=this.closest(`form`))==null||e.addEventListener(`reset`,()=>this.isShown=!1)}render(){return _`<div class="field">
      <label for="new-password">${d(`新密码`)}</label>
      <input id="new-password" type=${this.isShown?`text`:`password`} autocomplete="new-password" autocapitalize="none"
        spellcheck="false" required aria-describedby="new-password-hint">
      <p class="hint" id="new-password-hint">${this.hint}</p>
    </div>
    <label class="check"><input type="checkbox" @change=${this.toggle}>${d(`显示输入的密码`)}</label>`}toggle(e){this.isShown=e.target.checked}};P([x()],fa.prototype,`hint`,void 0),P([S()],fa.prototype,`isShown`,void 0),fa=P([b(`nm-new-password`)],fa);function pa(e){return(e==null?void 0:e.code)===`invalid_input`&&!e.errors.length}var ma=class extends N{constructor(...e){super(...e),this.offer=null,this.problem=null,this.said=``,this.isBound=!1}connectedCallback(){super.connectedCallback(),this.isBound=this.context.session.has_authenticator}render(){let{session:e}=this.context;return _`
      <section class="panel" aria-labelledby="me-title">
        <h2 id="me-title">${e.name||e.login}</h2>
        <dl class="pairs">
          <dt>${d(`登录名`)}</dt><dd>${e.login}</dd>
          <dt>${d(`角色`)}</dt><dd>${d(e.role_label)}</dd>
          <dt>${d(`单位`)}</dt><dd>${e.organisation_name??d(`平台管理方`)}</dd>
          <dt>${d(`身份验证器`)}</dt><dd>${e.has_authenticator?d(`本次登录已使用`):d(`本次登录没有使用`)}</dd>
        </dl>
        <p role="status" class="status">${this.said}</p>
        <div role="alert">${this.problem?O(this.problem):y}</div>
      </section>
      <section class="panel" aria-labelledby="password-title">
        <h2 id="password-title">${d(`修改密码`)}</h2>
        <form class="narrow" novalidate @submit=${this.changePassword}>
          <div class="field">
            <label for="old-password">${d(`现在的密码`)}</label>
            <input id="old-password" type="password" autocomplete="current-password" required>
          </div>
          <nm-new-password hint=${d(`10 至 128 个字符，不能含有登录名。修改后其他登录全部结束。`)}></nm-new-password>
          <div class="actions"><button type="submit" class="primary">${d(`修改`)}</button></div>
        </form>
      </section>
      <section class="panel" aria-labelledby="authenticator-title">
        <h2 id="authenticator-title">${d(`身份验证器`)}</h2>
        <p>${d(`绑定后，登录时除密码外还要填手机上的 6 位验证码。管理账号、密钥和查看审计都要先绑定；管理方改动、导出内容或查看联系人也要。`)}</p>
        ${this.offer?this.binding(this.offer):_`<div class="actions"><button type="button" @click=${this.ask}>${this.isBound?d(`更换身份验证器`):d(`绑定身份验证器`)}</button></div>`}
      </section>
      ${T(e,`read_mailbox`)?_`<nm-mailbox .catalogue=${this.context.catalogue}></nm-mailbox>`:y}
    `}binding(e){return _`<form class="narrow" novalidate @submit=${this.bind}>
      <ol class="points">
        <li>${d(`在手机的身份验证器里选择“输入密钥”，填入下面的密钥；在手机上打开本页时，可以直接`)}<a href=${e.address}>${d(`用验证器打开`)}</a>。</li>
        <li>${d(`把验证器显示的 6 位数字填在下面。确认之前不生效。`)}</li>
      </ol>
      <p><code class="secret">${e.secret.replace(/(.{4})/g,`$1 `).trim()}</code></p>
      <div class="field">
        <label for="code">${this.isBound?d(`新验证器上的验证码`):d(`验证码`)}</label>
        <input id="code" type="text" inputmode="numeric" autocomplete="one-time-code">
      </div>
      ${this.isBound?this.proof():y}
      <div class="actions"><button type="submit" class="primary">${this.isBound?d(`确认更换`):d(`确认绑定`)}</button></div>
    </form>`}proof(){return _`<p class="hint">${d(`已绑定身份验证器，更换时还要填下面两项。`)}</p>
      <div class="field">
        <label for="own-password">${d(`登录密码`)}</label>
        <input id="own-password" type="password" autocomplete="current-password">
      </div>
      <div class="field">
        <label for="old-code">${d(`原验证器上的验证码`)}</label>
        <input id="old-code" type="text" inputmode="numeric" autocomplete="off">
      </div>`}value(e){return this.find(`#${e}`).value.trim()}async changePassword(e){e.preventDefault();let t=e.target,n={old_password:this.value(`old-password`),new_password:this.value(`new-password`)};await this.attempt(async()=>{await w(`PUT`,`/v1/session/password`,{body:n}),t.reset(),this.said=d(`密码已修改。`)})}async ask(){await this.attempt(async()=>{this.offer=await w(`POST`,`/v1/session/authenticator`)})}async bind(e){e.preventDefault();let t=this.isBound,n=t?{password:this.value(`own-password`),old_code:this.value(`old-code`)}:{},r={secret:this.offer.secret,code:this.value(`code`),...n};await this.attempt(async()=>{await w(`PUT`,`/v1/session/authenticator`,{body:r}),this.offer=null,this.isBound=!0,this.said=d(t?`已更换。原验证器不再有效。`:`已绑定。从下次登录起要填验证码。`);let e=await Pt();e&&this.tell(`nm-session`,e)}),pa(this.problem)&&(this.isBound=!0)}async attempt(e){this.said=``,this.problem=null;try{await e()}catch(e){if(!(e instanceof C))throw e;this.problem=e}}};P([x({attribute:!1})],ma.prototype,`context`,void 0),P([S()],ma.prototype,`offer`,void 0),P([S()],ma.prototype,`problem`,void 0),P([S()],ma.prototype,`said`,void 0),P([S()],ma.prototype,`isBound`,void 0),ma=P([b(`nm-account`)],ma);async function ha(e){let[t,n]=await Promise.all([Kr(`/v1/people`,e),Kr(`/v1/keys`,e)]);return[...t.map(({id:e,name:t,login:n,organisation_name:r})=>({code:e,name:t,hint:[n,r].filter(Boolean).join(d(`；`))})),...n.map(({id:e,name:t,key_id:n})=>({code:e,name:d(`密钥“{name}”`,{name:t}),hint:n}))]}var ga=/^[a-z]{2}_[0-9A-HJKMNP-TV-Z]{26}$/;function _a(e){return ga.test(e)}var va=30,ya={audit:`审计记录`,person:`账号`,api_key:`密钥`,widget_token:`嵌入令牌`,interaction:`对接`,invitation:`邀请`,contact:`联系人`,notification:`通知`,subscription:`订阅`,webhook:`回调`,mailbox:`邮箱`,import:`导入的表格`,taxonomy:`场景分类`,retagging:`重新标注`},ba=class extends N{constructor(...e){super(...e),this.page=new j(this),this.actors=new j(this),this.naming=null,this.entries=[],this.values={},this.chosen={},this.findActors=async e=>{if(this.actors.answer||(this.naming??=this.actors.ask(ha),await this.naming,this.naming=null),this.actors.problem)throw this.actors.problem;return Tn(this.actors.answer??[],e)}}connectedCallback(){super.connectedCallback(),this.load({})}render(){return _`
      <nm-filter-bar class="panel" .filters=${this.filters()} .values=${this.values} .chosen=${this.chosen}
        @nm-filter=${e=>this.load(e.detail)}></nm-filter-bar>
      <section class="panel" aria-label=${d(`审计日志`)}>
        <p class="hint">${d(`记录只增不改，前后相连；查看本身也记入。时间为北京时间，来源地址除本机外抹去末段。点姓名，只看这一位做的；点记录的编号，只看这条记录的。`)}</p>
        ${this.page.render(e=>this.entries.length?_`${this.table()}${e.items.length===va?_`<button type="button" class="more" @click=${this.more}>${d(`显示更多`)}</button>`:``}`:k(d(`没有符合条件的记录。`),d(`减少几个条件，或点“重置”看全部。`)))}
      </section>
    `}filters(){let{catalogue:e}=this.context;return[{name:`actor`,label:d(`谁（姓名或密钥的用途）`),kind:`search`,finder:this.findActors,typed:xa},{name:`entity_id`,label:d(`对哪条记录（编号）`),kind:`text`},{name:`action`,label:d(`做了什么`),kind:`choice`,options:e.choices(`AuditAction`)},{name:`result`,label:d(`结果`),kind:`choice`,options:e.choices(`AuditResult`)}]}async load(e,t){let{actor:n=``}=e,r=[t,this.chosen.actor,...this.actors.answer??[],xa(n)];this.chosen={actor:r.find(e=>(e==null?void 0:e.code)===n)},this.values=e,await this.ask(null)}narrowing(e,t,n,r){return!n||!_a(n)?_`${e}`:_`<button type="button" class="link" title=${d(`只看它的记录`)} @click=${()=>this.load({...this.values,[t]:n},r)}>${e}</button>`}more(){var e;this.ask(((e=this.entries[this.entries.length-1])==null?void 0:e.seq)??null)}async ask(e){let t={...this.values,before:e,limit:va};await this.page.ask(async n=>{let r=await w(`GET`,`/v1/audit`,{query:t,signal:n});return this.entries=e?[...this.entries,...r.items]:r.items,r})}table(){let{catalogue:e}=this.context;return _`<table class="rows">
      <caption class="unseen">${d(`审计日志`)}</caption>
      <thead><tr>
        <th scope="col">${d(`时间`)}</th><th scope="col">${d(`谁`)}</th><th scope="col">${d(`做了什么`)}</th>
        <th scope="col">${d(`对哪条记录`)}</th><th scope="col">${d(`结果`)}</th><th scope="col">${d(`来源地址`)}</th>
      </tr></thead>
      <tbody>
        ${this.entries.map(t=>_`<tr>
            <th scope="row" data-name=${d(`时间`)} class="nowrap">${M(t.at)}</th>
            <td data-name=${d(`谁`)}>${this.who(t)}</td>
            <td data-name=${d(`做了什么`)}><span title=${t.act}>${e.label(`AuditAction`,t.action)}</span>${Ca(t.detail??Sa(t))}</td>
            <td data-name=${d(`对哪条记录`)}>${this.kind(t.entity)}${Ca(t.entity_id&&this.narrowing(t.entity_id,`entity_id`,t.entity_id))}</td>
            <td data-name=${d(`结果`)}><span class="state ${t.result===`done`?`active`:`rejected`}">${e.label(`AuditResult`,t.result)}</span></td>
            <td data-name=${d(`来源地址`)} class="nowrap">${t.client??``}</td>
          </tr>`)}
      </tbody>
    </table>`}who({actor:e,actor_name:t,role:n}){let r=this.context.catalogue.label(`Role`,n),i=e?{code:e,name:t??e}:void 0;return _`${this.narrowing(t??r,`actor`,e,i)}${Ca(t?r:null)}${Ca(e)}`}kind(e){return e?ya[e]?d(ya[e]):this.context.catalogue.label(`Entity`,e):``}};P([x({attribute:!1})],ba.prototype,`context`,void 0),P([S()],ba.prototype,`values`,void 0),P([S()],ba.prototype,`chosen`,void 0),ba=P([b(`nm-audit`)],ba);function xa(e){return _a(e)?{code:e,name:e}:void 0}function Sa({act:e,result:t}){return t===`done`?null:d(`操作：{name}`,{name:e})}function Ca(e){return e?_`<span class="because">${e}</span>`:y}var wa=class e{constructor(){this.title=``,this.summary=``,this.year=``,this.pages=``,this.volume=``,this.standard=``,this.award=``,this.link=``,this.uses=[],this.deliverables=[],this.recipient=``,this.region=null,this.visibility=`platform`,this.stored={}}static of(t){let n=new e;if(!t)return n;let{region_code:r}=t;return n.title=t.title,n.summary=t.summary,n.year=String(t.year??``),n.pages=String(t.report_pages??``),n.volume=String(t.data_volume??``),n.standard=t.standard_followed??``,n.award=t.award??``,n.link=t.source_url??``,n.uses=t.application,n.deliverables=t.deliverables,n.recipient=t.recipient_type??``,n.region=r?{code:r,name:t.region_name??r}:null,n.visibility=t.visibility,n.stored=n.values,n}get values(){var e;let t=e=>e.trim()||null;return{title:this.title.trim(),summary:this.summary.trim(),year:z(this.year),deliverables:this.deliverables.length?this.deliverables:null,report_pages:z(this.pages),data_volume:z(this.volume),standard_followed:t(this.standard),award:t(this.award),source_url:t(this.link),recipient_type:t(this.recipient),region_code:((e=this.region)==null?void 0:e.code)??null,application:this.uses,visibility:this.visibility}}get changes(){return Object.fromEntries(Object.entries(this.values).filter(([e,t])=>JSON.stringify(t)!==JSON.stringify(this.stored[e])))}get problems(){let e=e=>!Number.isInteger(z(e)??0);return[...e(this.year)?[{field:`year`,message:d(`完成年份请写四位数字，例如 2024。`)}]:[],...e(this.pages)?[{field:`report_pages`,message:d(`报告页数请写整数。`)}]:[],...e(this.volume)?[{field:`data_volume`,message:d(`数据量请写整数，例如 40000。`)}]:[],...this.uses.some(({form:e})=>!e)?[{field:`application`,message:d(`填了采用单位、日期或成效，请选怎样应用。`)}]:[]]}};async function Ta(e,t){if(Lt(e)){let n=await Wn(e,t);return n?{provider_id:n.id}:{}}if(!Rt(e))return{};let{items:n}=await w(`GET`,`/v1/bases`,{query:{text:e.organisation_name},signal:t}),r=n.find(({organisation_id:t})=>t===e.organisation_id);return r?{base_id:r.id}:{}}var Ea=20,Da={form:``,adopted_by:null,date:null,effect_text:null},Oa=class extends N{constructor(...e){super(...e),this.stored=[],this.errors=[],this.rows=[]}willUpdate(e){e.has(`stored`)&&(this.rows=this.stored.length?this.stored:[Da])}render(){var e;return _`<fieldset class="list">
      <legend>${d(`应用情况`)}</legend>
      ${this.rows.map((e,t)=>this.row(e,t))}
      <p class="error" id="case-uses-error">${((e=this.errors[0])==null?void 0:e.message)??y}</p>
      <button type="button" class="small add" ?disabled=${this.rows.length>=Ea} @click=${this.add}>${d(`再加一条应用情况`)}</button>
    </fieldset>`}row(e,t){let n=t+1,r=`case-use-${t}`;return _`<div class="row" role="group" aria-label=${d(`第 {n} 条应用情况`,{n})}>
      <div class="field"><label for="${r}-form">${d(`成果怎样应用`)}</label>
        <select id="${r}-form" aria-describedby="case-uses-error" aria-invalid=${this.invalid(t,`form`)} @change=${this.set(t,`form`)}>
          <option value="" ?selected=${!e.form}>${d(`没有填报`)}</option>
          ${this.catalogue.choices(`ApplicationForm`).map(({code:t,name:n})=>_`<option value=${t} ?selected=${t===e.form}>${n}</option>`)}
        </select></div>
      ${this.text(t,`adopted_by`,d(`采用单位`))} ${this.text(t,`date`,d(`采用日期`),`date`)} ${this.text(t,`effect_text`,d(`成效`))}
      ${this.rows.length>1?_`<button type="button" class="small plain" @click=${()=>this.drop(t)}>${d(`去掉`)}<span class="unseen">${d(`第 {n} 条应用情况`,{n})}</span></button>`:y}
    </div>`}text(e,t,n,r=`text`){let i=`case-use-${e}-${t}`;return _`<div class="field"><label for=${i}>${n}</label>
      <input id=${i} type=${r} .value=${B(this.rows[e][t]??``)} aria-describedby="case-uses-error"
        aria-invalid=${this.invalid(e,t)} @input=${this.set(e,t)}></div>`}invalid(e,t){let n=this.rows[e],r=this.rows.slice(0,e).filter(ka).length,i=this.errors.some(({field:e})=>e===`application.${r}.${t}`),a=this.errors.length>0&&t===`form`&&!n.form&&ka(n);return i||a?`true`:y}set(e,t){return n=>{let{value:r}=n.target;this.change(this.rows.map((n,i)=>i===e?{...n,[t]:r}:n))}}async add(){var e;this.change([...this.rows,Da]),await this.updateComplete,(e=this.find(`#case-use-${this.rows.length-1}-form`))==null||e.focus()}async drop(e){var t;this.change(this.rows.filter((t,n)=>n!==e)),await this.updateComplete,(t=this.find(`button.add`))==null||t.focus()}change(e){this.rows=e;let t=e=>(e==null?void 0:e.trim())||null,n=e.filter(ka).map(({form:e,adopted_by:n,date:r,effect_text:i})=>({form:e,adopted_by:t(n),date:t(r),effect_text:t(i)}));this.tell(`nm-uses`,n)}};P([x({attribute:!1})],Oa.prototype,`catalogue`,void 0),P([x({attribute:!1})],Oa.prototype,`stored`,void 0),P([x({attribute:!1})],Oa.prototype,`errors`,void 0),P([S()],Oa.prototype,`rows`,void 0),Oa=P([b(`nm-case-uses`)],Oa);function ka(e){return Object.values(e).some(e=>e==null?void 0:e.trim())}var Aa=2e3,ja=[],Ma={pages:`report_pages`,standard:`standard_followed`,volume:`data_volume`,link:`source_url`},Na=class extends N{constructor(...e){super(...e),this.stored=null,this.draft=new wa,this.errors=[],this.attempt=new H(this),this.used=e=>{this.draft.uses=e.detail,this.errors=this.errors.filter(({field:e})=>!Pa(e,`application`))}}willUpdate(e){e.has(`stored`)&&(this.draft=wa.of(this.stored))}render(){var e;let{draft:t,catalogue:n}=this;return _`<form novalidate autocomplete="off" @submit=${e=>this.submitted(e)}>
      ${this.text(`title`,d(`标题`),{isMust:!0,hint:d(`6 至 80 字。`)})}
      ${this.field(`summary`,`summary`,d(`摘要`),this.summary(),{isMust:!0,hint:d(`100 至 2000 字：为谁、解决什么问题、怎样做的、成果用在哪里。应用场景和产业由摘要识别，登记后可以改正。{n} / {most} 字`,{n:R(t.summary.trim()),most:Aa})})}
      ${this.text(`year`,d(`完成年份`))}
      <div class="field">
        <label for="case-region">${d(`所在地`)}</label>
        <nm-combobox input-id="case-region" keeps placeholder=${d(`自动识别；或输入地名查找`)}
          .finder=${e=>n.findRegions(e)} .chosen=${t.region}
          @nm-choose=${e=>t.region=e.detail}></nm-combobox>
      </div>
      ${this.recipients()} ${this.deliverables()}
      <nm-case-uses .catalogue=${n} .stored=${((e=this.stored)==null?void 0:e.application)??ja} .errors=${this.errorsOf(`application`)}
        @nm-uses=${this.used}></nm-case-uses>
      ${this.text(`pages`,d(`报告页数`))} ${this.text(`volume`,d(`数据量（件）`))} ${this.text(`standard`,d(`依据的标准`))} ${this.text(`award`,d(`所获奖励`))}
      ${this.text(`link`,d(`出处链接`),{hint:d(`以 http:// 或 https:// 开头。`)})}
      <div class="field">
        <label for="case-visibility">${d(`可见范围`)}</label>
        <select id="case-visibility" @change=${e=>t.visibility=e.target.value}>
          ${Bt.map(e=>_`<option value=${e} ?selected=${e===t.visibility}>${n.label(`Visibility`,e)}</option>`)}
        </select>
      </div>
      <div class="actions sticky">${this.buttons()}</div>
      ${this.attempt.refusal()}
    </form>`}buttons(){return this.stored?_`<button type="submit" class="primary">${d(`保存`)}</button>`:_`<button type="submit" class="primary">${d(`登记并发布`)}</button>
      <button type="button" @click=${()=>this.save(!1)}>${d(`存为草稿`)}</button>`}summary(){return _`<textarea id="case-summary" rows="8" .value=${B(this.draft.summary)} aria-describedby="case-summary-hint case-summary-error"
      aria-invalid=${this.invalid(`summary`)} @input=${this.wrote(`summary`)}></textarea>`}text(e,t,n={}){let r=Ma[e]??e,i=_`<input id="case-${e}" type="text" .value=${B(this.draft[e])} aria-describedby="case-${e}-hint case-${e}-error"
      aria-invalid=${this.invalid(r)} @input=${this.wrote(e)}>`;return this.field(e,r,t,i,n)}recipients(){let{draft:e,catalogue:t}=this,n=_`<select id="case-recipient" aria-describedby="case-recipient-error" aria-invalid=${this.invalid(`recipient_type`)}
      @change=${t=>e.recipient=t.target.value}>
      <option value="" ?selected=${!e.recipient}>${d(`没有填报`)}</option>
      ${t.choices(`OrganisationType`).map(({code:t,name:n})=>_`<option value=${t} ?selected=${t===e.recipient}>${n}</option>`)}
    </select>`;return this.field(`recipient`,`recipient_type`,d(`服务对象的类型`),n)}deliverables(){let{draft:e,catalogue:t}=this,n=t=>{let{value:n,checked:r}=t.target,i=e.deliverables.filter(e=>e!==n);e.deliverables=r?[...i,n]:i};return _`<fieldset class="checks" aria-describedby="case-deliverables-hint">
        <legend>${d(`成果形式`)}</legend>
        ${t.choices(`Deliverable`).map(({code:t,name:r})=>_`<label class="check"><input type="checkbox" value=${t} .checked=${e.deliverables.includes(t)} @change=${n}>${r}</label>`)}
      </fieldset>
      <p class="hint" id="case-deliverables-hint">${d(`一项也不选，就由摘要识别。`)}</p>`}field(e,t,n,r,i={}){var a;return _`<div class="field">
      <label for="case-${e}">${n}${i.isMust?_`<span class="must">${d(`（必填）`)}</span>`:y}</label>
      ${r}
      <p class="hint" id="case-${e}-hint">${i.hint??y}</p>
      <p class="error" id="case-${e}-error">${((a=this.errorsOf(t)[0])==null?void 0:a.message)??y}</p>
    </div>`}errorsOf(e){return this.errors.filter(({field:t})=>Pa(t,e))}invalid(e){return this.errorsOf(e).length?`true`:y}wrote(e){return t=>{this.draft[e]=t.target.value;let n=Ma[e]??e;this.errors=this.errors.filter(e=>!Pa(e.field,n)),this.requestUpdate()}}submitted(e){e.preventDefault(),this.save(!0)}async save(e){var t;if(this.errors=this.draft.problems,this.errors.length)return this.goToFirst();await this.attempt.make(()=>this.stored?this.change(this.stored):this.register(e))?this.tell(`nm-saved`,this.attempt.said):(this.errors=((t=this.attempt.problem)==null?void 0:t.errors)??[],await this.goToFirst())}async register(e){let t=Object.entries(this.draft.values).filter(([,e])=>e!==null),n=await Ta(this.session,new AbortController().signal);return await w(`POST`,`/v1/cases`,{body:{...Object.fromEntries(t),...n,publish:e}}),d(e?`案例已登记并发布。`:`案例已存为草稿，没有发布。`)}async change({id:e,version:t}){let{changes:n}=this.draft;return Object.keys(n).length&&await w(`PATCH`,`/v1/cases/${e}`,{body:{...n,version:t}}),d(`修改已保存。`)}async goToFirst(){var e;await this.updateComplete,(e=this.find(`[aria-invalid=true]`))==null||e.focus()}};P([x({attribute:!1})],Na.prototype,`catalogue`,void 0),P([x({attribute:!1})],Na.prototype,`session`,void 0),P([x({attribute:!1})],Na.prototype,`stored`,void 0),P([S()],Na.prototype,`draft`,void 0),P([S()],Na.prototype,`errors`,void 0),Na=P([b(`nm-case-form`)],Na);function Pa(e,t){return e.split(`.`)[0]===t}var Fa=new Set([`draft`,`reviewed`,`hidden`]),Ia=class extends N{constructor(...e){super(...e),this.shown=null,this.written=null,this.cases=new U(this,`/v1/cases`),this.attempt=new H(this),this.query={},this.saved=async e=>{this.written=null,await this.attempt.make(()=>Promise.resolve(e.detail)),await this.load()}}connectedCallback(){super.connectedCallback(),this.load({})}render(){var e;let{session:t,catalogue:n}=this.context,r=this.written===`new`?null:this.written;return _`
      <nm-filter-bar class="panel" .filters=${this.filters()} @nm-filter=${e=>this.load(e.detail)}></nm-filter-bar>
      <section class="panel" id="cases" aria-label=${d(`案例列表`)}>
        <div class="panel-tools">
          ${T(t,`export_cases`)?_`<nm-export path="/v1/cases/export" .query=${this.query}></nm-export>`:y}
          ${T(t,`create_case`)?_`<button type="button" class="primary" @click=${()=>this.written=`new`}>${d(`登记案例`)}</button>`:y}
        </div>
        ${this.attempt.outcome()}
        ${this.cases.render(e=>this.table(e),()=>this.empty())}
      </section>
      <nm-drawer .open=${this.shown!==null} heading=${((e=this.shown)==null?void 0:e.title)??``} .content=${()=>this.whole()}
        @nm-close=${()=>this.shown=null}></nm-drawer>
      <nm-drawer .open=${this.written!==null} heading=${d(r?`修改案例`:`登记案例`)} @nm-close=${()=>this.written=null}
        .content=${()=>_`<nm-case-form .catalogue=${n} .session=${t} .stored=${r} @nm-saved=${this.saved}></nm-case-form>`}></nm-drawer>
    `}filters(){let{catalogue:e}=this.context;return[{name:`text`,label:d(`标题或摘要中的词`),kind:`text`},{name:`state`,label:d(`状态`),kind:`choice`,options:e.choices(`CaseState`)},{name:`region`,label:d(`所在地`),kind:`search`,finder:t=>e.findRegions(t)},{name:`scenario`,label:d(`应用场景`),kind:`search`,options:e.scenarios},{name:`industry`,label:d(`产业`),kind:`search`,options:e.industries}]}async load(e=this.query){this.query=e,await this.cases.load({...e,limit:20})}table(e){return _`<table class="rows">
      <caption class="unseen">${d(`案例列表`)}</caption>
      <thead><tr>
        <th scope="col">${d(`标题`)}</th><th scope="col">${d(`应用场景`)}</th><th scope="col">${d(`所在地`)}</th>
        <th scope="col">${d(`完成年份`)}</th><th scope="col">${d(`状态`)}</th><th scope="col">${d(`更新时间`)}</th>
      </tr></thead>
      <tbody>${e.map(e=>this.row(e))}</tbody>
    </table>`}row(e){let{catalogue:t}=this.context;return _`<tr>
      <th scope="row" data-name=${d(`标题`)}>
        <button type="button" class="link" @click=${()=>this.shown=e}>${e.title}</button>
        ${Un(e)?_`<span class="because">${d(`演示`)}</span>`:y}
      </th>
      <td data-name=${d(`应用场景`)}>${L(e.tags,`scenario`,t)||d(`未识别到`)}</td>
      <td data-name=${d(`所在地`)}>${e.region_name??d(`未说明`)}</td>
      <td data-name=${d(`完成年份`)}>${e.year??d(`没有填报`)}</td>
      <td data-name=${d(`状态`)}>${Bn(t,`CaseState`,e.state)}</td>
      <td data-name=${d(`更新时间`)} class="nowrap">${M(e.updated_at)}</td>
    </tr>`}whole(){let e=this.shown;if(!e)return y;let{catalogue:t,session:n}=this.context,r=e.is_own&&T(n,`decide_case_tags`),i=[[d(`状态`),Bn(t,`CaseState`,e.state)],[d(`应用场景`),r?null:L(e.tags,`scenario`,t)],[d(`产业`),r?null:L(e.tags,`sei2018`,t)],[d(`所在地`),e.region_name],[d(`完成年份`),e.year],[d(`服务对象的类型`),e.recipient_type?t.label(`OrganisationType`,e.recipient_type):null],[d(`成果形式`),e.deliverables.map(e=>t.label(`Deliverable`,e)).join(d(`、`))],[d(`应用情况`),e.application.length?_`<ul>${e.application.map(e=>_`<li>${this.use(e)}</li>`)}</ul>`:null],[d(`报告页数`),e.report_pages],[d(`数据量（件）`),e.data_volume],[d(`依据的标准`),e.standard_followed],[d(`所获奖励`),e.award],[d(`出处链接`),e.source_url?_`<a href=${e.source_url} target="_blank" rel="noopener noreferrer">${e.source_url}</a>`:null],[d(`核验`),e.verified?d(`已核验`):d(`未核验，自行填报`)],[d(`可见范围`),t.label(`Visibility`,e.visibility)],[d(`更新时间`),M(e.updated_at)]];return _`<p class="description">${e.summary}</p>
      <dl class="pairs">${i.map(([e,t])=>t?_`<dt>${e}</dt><dd>${t}</dd>`:y)}</dl>
      ${r?_`<nm-stored-tags .catalogue=${t} .row=${e} path="/v1/cases/${e.id}" words=${d(`保存标签`)} @nm-saved=${()=>this.tagged(e)}></nm-stored-tags>`:y}
      <div class="actions">${e.is_own?this.steps(e):y}</div>`}use({form:e,adopted_by:t,date:n,effect_text:r}){return[this.context.catalogue.label(`ApplicationForm`,e),t,n,r].filter(Boolean).join(d(`；`))}steps(e){let{session:t}=this.context;return[T(t,`change_case`)?_`<button type="button" @click=${()=>{this.shown=null,this.written=e}}>${d(`修改`)}</button>`:y,Fa.has(e.state)&&T(t,`publish_case`)?_`<button type="button" class="primary" @click=${()=>this.take(e,`publish`,d(`已发布。`))}>${d(`发布`)}</button>`:y,e.state===`published`&&T(t,`withdraw_case`)?_`<button type="button" @click=${()=>this.take(e,`withdraw`,d(`已隐藏，再发布即恢复。`))}>${d(`隐藏`)}</button>`:y,T(t,`delete_case`)?_`<button type="button" @click=${()=>this.erase(e)}>${d(`删除`)}</button>`:y]}async tagged({id:e}){var t;let n=await w(`GET`,`/v1/cases/${e}`);((t=this.shown)==null?void 0:t.id)===e&&(this.shown=n),await this.load()}async erase(e){window.confirm(d(`删除后不再出现，也不能恢复。确定删除“{title}”吗？`,{title:e.title}))&&(this.shown=null,await this.attempt.make(async()=>(await w(`DELETE`,`/v1/cases/${e.id}`),d(`已删除。`))),await this.load())}async take(e,t,n){this.shown=null,await this.attempt.make(async()=>(await w(`POST`,`/v1/cases/${e.id}/${t}`),n)),await this.load()}empty(){if(Object.keys(this.query).length)return k(d(`没有符合条件的案例。`),d(`减少几个条件，或点“重置”看全部。`));let e=T(this.context.session,`create_case`);return k(d(`还没有案例。`),d(e?`点“登记案例”，写一件做完的导航和它的用处；已有一批的，用“导入表格”。`:`服务基地和服务机构登记并发布后，会出现在这里。`))}};P([x({attribute:!1})],Ia.prototype,`context`,void 0),P([S()],Ia.prototype,`shown`,void 0),P([S()],Ia.prototype,`written`,void 0),Ia=P([b(`nm-cases`)],Ia);var La=new Set([`mutual`,`contacted`,`confirmed`,`converted`]),Ra=class extends N{constructor(...e){super(...e),this.row=``,this.isOpen=!1,this.values={},this.dealings=new U(this,`/v1/interactions`),this.shown=new j(this)}connectedCallback(){super.connectedCallback(),this.load({})}willUpdate(e){e.has(`row`)&&this.row&&this.open(this.row)}async load(e){this.values=e,await this.dealings.load({...e,limit:20})}render(){return _`
      <nm-filter-bar class="panel" .filters=${this.filters()}
        @nm-filter=${e=>this.load(e.detail)}></nm-filter-bar>
      <section class="panel" aria-label=${d(`对接列表`)}>
        ${T(this.context.session,`export_interactions`)?_`<div class="panel-tools"><nm-export path="/v1/interactions/export" .query=${this.values}></nm-export></div>`:y}
        ${this.dealings.render(e=>this.table(e),()=>this.empty())}
      </section>
      <nm-drawer heading=${d(`对接经过`)} .open=${this.isOpen} .content=${()=>this.shown.render(e=>this.history(e))}
        @nm-close=${this.closed}></nm-drawer>
    `}filters(){let{catalogue:e}=this.context;return[{name:`state`,label:d(`状态`),kind:`choice`,options:e.choices(`InteractionState`)},{name:`awaiting`,label:d(`等谁答复`),kind:`choice`,options:[{code:`base`,name:d(`服务基地`)},{code:`provider`,name:d(`服务机构`)}]},{name:`shortlisted`,label:d(`候选`),kind:`choice`,options:[{code:`true`,name:d(`只看候选`)}]}]}table(e){return _`<table class="rows">
      <caption class="unseen">${d(`对接列表`)}</caption>
      <thead>
        <tr>
          <th scope="col">${d(`需求`)}</th><th scope="col">${d(`服务机构`)}</th><th scope="col">${d(`状态`)}</th>
          <th scope="col">${d(`答复期限`)}</th><th scope="col">${d(`更新时间`)}</th><th scope="col">${d(`操作`)}</th>
        </tr>
      </thead>
      <tbody>
        ${e.map(e=>_`<tr>
            <th scope="row" data-name=${d(`需求`)}><a href="#/demands/${e.demand_id}">${e.demand_title??e.demand_id}</a></th>
            <td data-name=${d(`服务机构`)}>${e.provider_name}</td>
            <td data-name=${d(`状态`)}><span class="state">${d(e.state_label)}</span>
              ${e.is_shortlisted?_`<span class="state active">${d(`候选`)}</span>`:y}</td>
            <td data-name=${d(`答复期限`)} class="nowrap">${M(e.due_at)||d(`没有`)}</td>
            <td data-name=${d(`更新时间`)} class="nowrap">${M(e.updated_at)}</td>
            <td data-name=${d(`操作`)}><button type="button" class="link" @click=${()=>this.open(e.id)}>
              ${d(`经过与答复`)}<span class="unseen">${e.provider_name}</span></button></td>
          </tr>`)}
      </tbody>
    </table>`}empty(){return Lt(this.context.session)?k(d(`还没有对接。`),_`${d(`在推荐的需求里点“表示意向”或“提问”就开始了：`)}<a href="#/recommended">${d(`推荐的需求`)}</a>`):k(d(`还没有对接。`),_`${d(`在需求的匹配结果里点“邀请”就开始了：`)}<a href="#/mine">${d(`我的需求`)}</a>`)}async open(e){this.isOpen=!0,window.history.replaceState(null,``,`#/dealings/${e}`),this.shown.forget(),await this.shown.ask(t=>w(`GET`,`/v1/interactions/${e}`,{signal:t}))}closed(){this.isOpen=!1,window.history.replaceState(null,``,`#/dealings`)}history(e){let t=e.my_side===`provider`?`provider`:`base`;return _`
      <h3>${e.demand_title}</h3>
      <p class="hint">${[e.base_name,e.recipient_name,e.provider_name].filter(Boolean).join(`　·　`)}</p>
      ${La.has(e.state)&&T(this.context.session,`read_contact`)?_`<nm-contact row-id=${t===`provider`?e.demand_id:e.provider_id} words=${d(`查看对方联系人`)}></nm-contact>`:y}
      <ol class="events">
        ${(e.events??[]).map(e=>_`<li>
            <p><strong>${d(e.act_label)}</strong>　<span class="hint">${e.by??``}　${M(e.created_at)}</span></p>
            ${e.reason_label?_`<p class="hint">${nn(d(`原因`),d(e.reason_label))}</p>`:y}
            ${e.body?_`<p class="description">${e.body}</p>`:y}
          </li>`)}
      </ol>
      ${e.acts.length?_`<nm-dealing acting=${t} demand-id=${e.demand_id} provider-id=${e.provider_id}
            about=${e.provider_name??``} .known=${e} @nm-dealt=${()=>this.dealt(e)}></nm-dealing>`:y}
    `}async dealt(e){await this.open(e.id),await this.dealings.load()}};P([x({attribute:!1})],Ra.prototype,`context`,void 0),P([x()],Ra.prototype,`row`,void 0),P([S()],Ra.prototype,`isOpen`,void 0),Ra=P([b(`nm-dealings`)],Ra);var za=60,Ba=20,Va=class extends N{constructor(...e){super(...e),this.onlyGaps=!0,this.gaps=new j(this),this.funnel=new j(this),this.responses=new j(this),this.inactive=new j(this)}connectedCallback(){super.connectedCallback();let{session:e}=this.context;this.gaps.ask(e=>w(`GET`,`/v1/analytics/gaps`,{signal:e})),T(e,`read_funnel`)&&this.funnel.ask(e=>w(`GET`,`/v1/analytics/funnel`,{signal:e})),T(e,`read_responses`)&&this.responses.ask(e=>w(`GET`,`/v1/analytics/responses`,{signal:e})),T(e,`read_inactive`)&&this.inactive.ask(e=>w(`GET`,`/v1/analytics/inactive`,{signal:e}))}render(){let{session:e}=this.context;return _`
      ${this.section(`gaps`,d(`供需缺口`),this.gaps.render(e=>this.gapMap(e)))}
      ${T(e,`read_funnel`)?this.section(`funnel`,d(`对接漏斗（近 90 天登记的需求）`),this.funnel.render(e=>this.steps(e))):y}
      ${T(e,`read_responses`)?this.section(`responses`,d(`答复快慢（近 90 天）`),this.responses.render(e=>this.times(e))):y}
      ${T(e,`read_inactive`)?this.section(`inactive`,d(`90 天没有活动的单位`),this.inactive.render(e=>this.idle(e))):y}
    `}section(e,t,n){return _`<section class="panel" aria-labelledby="${e}-title"><h2 id="${e}-title">${t}</h2>${n}</section>`}gapMap(e){let t=e.cells.filter(({is_gap:e})=>e||!this.onlyGaps);return _`
      <p>${this.totals(e)}</p>
      ${this.byRegion(e)}
      <label class="check"><input type="checkbox" .checked=${this.onlyGaps} @change=${()=>this.onlyGaps=!this.onlyGaps}>${d(`只看缺口`)}</label>
      ${t.length?_`<ul class="gap-tiles">${t.slice(0,za).map(t=>this.tile(t,e.k))}</ul>
            ${t.length>za?_`<p class="hint">${d(`另有 {n} 格没有列出。`,{n:t.length-za})}</p>`:y}`:k(d(`没有缺口。`),d(`现有的需求都有机构可以供给；取消“只看缺口”看全部。`))}
    `}totals({n_demands:e,n_without_supply:t,is_at_least:n,k:r}){return n?t?d(`正在找机构的需求至少 {n} 条，其中没有一家机构可供给的至少 {without} 条（少于 {k} 条的格不显示数，各按 1 条计）。`,{n:e,without:t,k:r}):d(`正在找机构的需求至少 {n} 条，都有机构可以供给（少于 {k} 条的格不显示数，各按 1 条计）。`,{n:e,k:r}):d(`正在找机构的需求 {n} 条，其中没有一家机构可供给的 {without} 条。`,{n:e,without:t})}tile(e,t){let n=e.n_demands??d(`少于 {k}`,{k:t});return _`<li class=${e.is_gap?`gap`:``}>
      <strong>${e.scenario?this.context.catalogue.scenarioName(e.scenario,e.scenario_name??e.scenario):d(`场景不明`)}</strong>
      <span>${e.industry_name??d(`产业不明`)}　${e.region_name??d(`地区不明`)}</span>
      <span>${d(`需求 {n} 条，机构 {m} 家`,{n,m:e.n_providers})}${e.is_gap?d(`，缺口`):``}</span>
    </li>`}byRegion({cells:e,k:t}){var n;let r=new Map;for(let{region_name:n,n_demands:i}of e){if(i===null)return _`<p class="hint">${d(`少于 {k} 条的数不显示，因此不列各省级地区的需求数。`,{k:t})}</p>`;let e=n??d(`地区不明`);r.set(e,(r.get(e)??0)+i)}let i=[...r].sort((e,t)=>t[1]-e[1]),a=((n=i[0])==null?void 0:n[1])??1;return _`<details><summary>${d(`各省级地区的需求数`)}</summary>
      <ul class="parts">${i.map(([e,t])=>_`<li><span>${e}</span>${xn(t/a)}<span class="number">${t}</span></li>`)}</ul>
    </details>`}steps({steps:e}){let t=Math.max(...e.map(({n_demands:e})=>e),1);return _`<ul class="parts">
      ${e.map(({label:e,n_demands:n})=>_`<li><span>${d(e)}</span>${xn(n/t)}<span class="number">${d(`{n} 条`,{n})}</span></li>`)}
    </ul>`}times({sides:e}){let t=e=>e===null?d(`没有`):d(`{n} 小时`,{n:Math.round(e)});return _`<table class="rows">
      <caption class="unseen">${d(`答复快慢（近 90 天）`)}</caption>
      <thead><tr>
        <th scope="col">${d(`哪一方`)}</th><th scope="col">${d(`被问次数`)}</th><th scope="col">${d(`已答复`)}</th>
        <th scope="col">${d(`5 个工作日内`)}</th><th scope="col">${d(`中位数`)}</th><th scope="col">${d(`九成不超过`)}</th>
      </tr></thead>
      <tbody>${e.map(e=>_`<tr>
          <th scope="row" data-name=${d(`哪一方`)}>${e.side===`provider`?d(`服务机构`):d(`服务基地`)}</th>
          <td data-name=${d(`被问次数`)}>${e.n_asked}</td><td data-name=${d(`已答复`)}>${e.n_answered}</td>
          <td data-name=${d(`5 个工作日内`)}>${e.n_in_time}</td><td data-name=${d(`中位数`)}>${t(e.median_hours)}</td>
          <td data-name=${d(`九成不超过`)}>${t(e.p90_hours)}</td>
        </tr>`)}</tbody>
    </table>`}idle({bases:e,providers:t}){let n=[...e,...t].sort((e,t)=>t.days-e.days);return n.length?_`<ul class="lines">
      ${n.slice(0,Ba).map(e=>_`<li><span>${e.name}</span>
          <span class="hint">${e.region_name??``}　${d(`{n} 天`,{n:e.days})}　${M(e.last_at)}</span></li>`)}
    </ul>
    ${n.length>Ba?_`<p class="hint">${d(`另有 {n} 家没有列出。`,{n:n.length-Ba})}</p>`:y}`:k(d(`没有不活跃的单位。`))}};P([x({attribute:!1})],Va.prototype,`context`,void 0),P([S()],Va.prototype,`onlyGaps`,void 0),Va=P([b(`nm-figures`)],Va);var Ha=`application/vnd.openxmlformats-officedocument.spreadsheetml.sheet`,Ua={demands:`create_demand`,providers:`create_provider`,capabilities:`create_capability`,cases:`create_case`};function Wa(e){return Object.keys(Ua).filter(t=>T(e,Ua[t]))}function Ga({state:e}){return e===`checking`||e===`running`}function Ka(e){let t=e.name.toLowerCase().endsWith(`.csv`)?`text/csv`:Ha;return new Blob([e],{type:t})}var qa=class extends N{constructor(...e){super(...e),this.key=``,this.asking=new j(this),this.rows=[]}willUpdate(e){e.has(`key`)&&this.load(0)}render(){return this.asking.render(({next_after:e})=>_`<table class="rows">
          <caption class="unseen">${d(`有问题的行`)}</caption>
          <thead><tr>
            <th scope="col">${d(`行`)}</th><th scope="col">${d(`单元格`)}</th><th scope="col">${d(`哪一项`)}</th><th scope="col">${d(`怎样改`)}</th>
          </tr></thead>
          <tbody>${this.rows.map(({row:e,cell:t,heading:n,title:r,message:i})=>_`<tr>
              <td data-name=${d(`行`)}>${e}</td><td data-name=${d(`单元格`)}>${t??d(`表中没有这一列`)}</td>
              <td data-name=${d(`哪一项`)}>${n??r}</td><td data-name=${d(`怎样改`)}>${i}</td>
            </tr>`)}</tbody>
        </table>
        ${e===null?y:_`<button type="button" class="more" @click=${()=>this.load(e)}>${d(`显示更多`)}</button>`}`)}async load(e){await this.asking.ask(async t=>{let n=await w(`GET`,`/v1/imports/${this.key}/problems`,{query:{after:e,limit:20},signal:t});return this.rows=e?[...this.rows,...n.items]:n.items,n})}};P([x()],qa.prototype,`key`,void 0),qa=P([b(`nm-import-problems`)],qa);var Ja=1e3,Ya=class extends N{constructor(...e){super(...e),this.key=``,this.upload=new j(this),this.attempt=new H(this),this.timer=0}willUpdate(e){e.has(`key`)&&this.load()}disconnectedCallback(){window.clearTimeout(this.timer),super.disconnectedCallback()}render(){return this.upload.render(e=>this.report(e))}async load(){var e;window.clearTimeout(this.timer);let t=(e=this.upload.answer)==null?void 0:e.state;await this.upload.ask(e=>w(`GET`,`/v1/imports/${this.key}`,{signal:e}));let{answer:n}=this.upload;n&&this.isConnected&&(t&&t!==n.state&&this.tell(`nm-moved`),Ga(n)&&(this.timer=window.setTimeout(()=>void this.load(),Ja)))}report(e){return _`<h3>${e.name}　<span class="hint">${d(e.kind_label)}</span></h3>
      <p role="status"><span class="state">${d(e.state_label)}</span>　${d(`{done} / {total} 行`,{done:e.n_done,total:e.n_rows})}</p>
      ${xn(e.n_rows?e.n_done/e.n_rows:0)}
      ${e.fault?D(d(`没有完成`),_`<p>${e.fault}</p>`):y}
      ${e.note?D(d(`请留意`),_`<p>${e.note}</p>`):y}
      ${Ga(e)?y:this.counts(e)}
      ${this.attempt.refusal()}
      ${e.n_refused&&!Ga(e)?_`<nm-import-problems key=${e.id}></nm-import-problems>`:y}
      ${e.columns.length?Xa(e):y} ${e.preview.length?Za(e):y}`}counts(e){let t=e.state===`checked`,n=e.n_refused>0&&e.state!==`failed`,r={created:e.n_created,updated:e.n_updated,unchanged:e.n_unchanged,refused:e.n_refused},i=d(t?`将新增 {created} 行，更新 {updated} 行；没有改动 {unchanged} 行，有问题而不导入 {refused} 行。`:`新增 {created} 行，更新 {updated} 行；没有改动 {unchanged} 行，有问题而没有导入 {refused} 行。`,r),a=e.n_created+e.n_updated;return _`<p><strong>${i}</strong></p>
      ${e.state===`done`&&e.kind===`demands`&&a?_`<p class="hint">${d(`“立即发布”没有填“是”的存为草稿，不参加匹配；到“我的需求”里逐条看过再发布。`)}<a href="#/mine">${d(`我的需求`)}</a></p>`:y}
      <div class="actions">
        ${t&&a?_`<button type="button" class="primary" @click=${this.run}>${d(`确认导入 {n} 行`,{n:a})}</button>`:y}
        ${n?_`<a class="button" href="v1/imports/${e.id}/sheet" download>${d(`下载退回的表格`)}</a>`:y}
      </div>
      ${n?_`<p class="hint">${d(`退回的就是您的原表，末尾多一列错误；改好后可以原样再上传。`)}</p>`:y}`}async run(){await this.attempt.make(async()=>(await w(`POST`,`/v1/imports/${this.key}/run`),await this.load(),``))}};P([x()],Ya.prototype,`key`,void 0),Ya=P([b(`nm-import-progress`)],Ya);function Xa({columns:e}){return _`<details>
    <summary>${d(`各列当作什么（{n} 列）`,{n:e.length})}</summary>
    <table class="rows">
      <caption class="unseen">${d(`各列当作什么`)}</caption>
      <thead><tr><th scope="col">${d(`列`)}</th><th scope="col">${d(`表中的列名`)}</th><th scope="col">${d(`当作`)}</th></tr></thead>
      <tbody>${e.map(({column:e,heading:t,meaning:n})=>_`<tr><td data-name=${d(`列`)}>${e}</td>
          <th scope="row" data-name=${d(`表中的列名`)}>${t}</th><td data-name=${d(`当作`)}>${n||d(`不认识，不导入`)}</td></tr>`)}</tbody>
    </table>
  </details>`}function Za({preview:e}){return _`<details open>
    <summary>${d(`前 {n} 行读出来的样子`,{n:e.length})}</summary>
    ${e.map(({row:e,values:t})=>_`<h4>${d(`第 {row} 行`,{row:e})}</h4>
        <dl class="pairs">${t.map(({title:e,text:t})=>_`<dt>${e}</dt><dd class="clamped">${t}</dd>`)}</dl>`)}
  </details>`}var Qa=class extends N{constructor(...e){super(...e),this.kind=``,this.shown=``,this.uploads=new U(this,`/v1/imports`),this.attempt=new H(this)}connectedCallback(){super.connectedCallback(),this.kind=Wa(this.context.session)[0]??``,this.uploads.load({limit:20})}render(){return _`<section class="panel" aria-labelledby="upload-title">
        <h2 id="upload-title">${d(`上传一份表格`)}</h2>
        ${this.upload()} ${this.attempt.outcome()}
      </section>
      <section class="panel" aria-labelledby="uploads-title">
        <h2 id="uploads-title">${d(`上传过的`)}</h2>
        <p class="hint">${d(`保留 30 天。`)}</p>
        ${this.uploads.render(e=>this.table(e),()=>k(d(`还没有上传过。`),d(`先下载空白表格，照“填写说明”填好，再上传；自己的表格只要列名认得出，也可以直接上传。`)))}
      </section>
      <nm-drawer wide heading=${d(`导入表格`)} .open=${this.shown!==``} .content=${()=>this.progress()}
        @nm-close=${()=>this.shown=``}></nm-drawer>`}upload(){let e={demands:d(`需求`),providers:d(`服务机构`),capabilities:d(`服务能力`),cases:d(`案例`)};return _`<form class="narrow" novalidate @submit=${this.send}>
      <div class="field">
        <label for="import-kind">${d(`表格里是什么`)}</label>
        <select id="import-kind" @change=${e=>this.kind=e.target.value}>
          ${Wa(this.context.session).map(t=>_`<option value=${t} ?selected=${t===this.kind}>${e[t]}</option>`)}
        </select>
        <p class="hint"><a href="v1/imports/template?kind=${this.kind}" download>${d(`下载空白表格（XLSX）`)}</a>　${d(`带下拉列表、示例和填写说明。`)}</p>
      </div>
      <div class="field">
        <label for="import-file">${d(`文件（XLSX 或 CSV，不超过 10 MB）`)}</label>
        <input id="import-file" name="file" type="file" accept=".xlsx,.csv">
      </div>
      <div class="field">
        <label for="import-sheet">${d(`工作表名（不填读第一张）`)}</label>
        <input id="import-sheet" name="sheet" type="text">
      </div>
      <p class="hint">${d(`先逐行检查，什么也不写入；看过结果再确认导入。`)}</p>
      <div class="actions"><button type="submit" class="primary" aria-disabled=${this.attempt.isBusy?`true`:`false`}>${d(`上传并检查`)}</button></div>
    </form>`}table(e){return _`<table class="rows">
      <caption class="unseen">${d(`上传过的`)}</caption>
      <thead><tr>
        <th scope="col">${d(`文件`)}</th><th scope="col">${d(`种类`)}</th><th scope="col">${d(`进展`)}</th><th scope="col">${d(`行数`)}</th>
        <th scope="col">${d(`有问题的行`)}</th><th scope="col">${d(`上传时间`)}</th><th scope="col">${d(`操作`)}</th>
      </tr></thead>
      <tbody>${e.map(e=>_`<tr>
          <th scope="row" data-name=${d(`文件`)}>${e.name}</th>
          <td data-name=${d(`种类`)}>${d(e.kind_label)}</td>
          <td data-name=${d(`进展`)}><span class="state">${d(e.state_label)}</span></td>
          <td data-name=${d(`行数`)}>${e.n_rows}</td>
          <td data-name=${d(`有问题的行`)}>${e.n_refused}</td>
          <td data-name=${d(`上传时间`)} class="nowrap">${M(e.created_at)}</td>
          <td data-name=${d(`操作`)}>
            <button type="button" class="link" @click=${()=>this.shown=e.id}>${d(`查看`)}<span class="unseen">${e.name}</span></button>
            <button type="button" class="link" @click=${()=>this.drop(e)}>${d(`删除`)}<span class="unseen">${e.name}</span></button></td>
        </tr>`)}</tbody>
    </table>`}progress(){return this.shown?_`<nm-import-progress key=${this.shown} @nm-moved=${()=>void this.uploads.load()}></nm-import-progress>`:y}async send(e){e.preventDefault();let t=new FormData(e.target),n=t.get(`file`);await this.attempt.make(async()=>{if(!n.name)return d(`请先选择文件。`);let e={kind:this.kind,name:n.name,sheet:String(t.get(`sheet`)).trim()},r=await w(`POST`,`/v1/imports`,{file:Ka(n),query:e});return this.shown=r.id,this.uploads.load(),d(`已上传，正在检查。`)})}async drop(e){window.confirm(d(`文件和问题列表一并删去；已经写入的行保留。确定删除“{name}”吗？`,{name:e.name}))&&await this.attempt.make(async()=>(await w(`DELETE`,`/v1/imports/${e.id}`),await this.uploads.load(),d(`已删除“{name}”。`,{name:e.name})))}};P([x({attribute:!1})],Qa.prototype,`context`,void 0),P([S()],Qa.prototype,`kind`,void 0),P([S()],Qa.prototype,`shown`,void 0),Qa=P([b(`nm-imports`)],Qa);var Y=class extends N{constructor(...e){super(...e),this.stem=``,this.organisations=[],this.usual=``,this.given=``,this.organisation=null,this.region=null}get values(){let{now:e,organisation:t,region:n}=this;return{role:e,...!Xr(e)&&t?{organisation_id:t.code}:{},...e===`regional_operator`&&n?{region_code:n.code}:{}}}render(){let{session:e,catalogue:t,now:n}=this;return _`<div class="field">
        <label for="${this.stem}-role">${d(`角色`)}</label>
        <select id="${this.stem}-role" @change=${e=>this.given=e.target.value}>
          ${Yr(e.role).map(e=>_`<option value=${e} ?selected=${e===n}>${t.label(`Role`,e)}</option>`)}
        </select>
      </div>
      ${E(e)&&!Xr(n)?this.organisationField():y}
      ${n===`regional_operator`?this.regionField():y}`}get now(){return this.given||this.usual||Yr(this.session.role)[0]||``}organisationField(){let e=`${this.stem}-organisation`;return _`<div class="field"><label for=${e}>${d(`单位`)}<span class="must">${d(`（必填）`)}</span></label>
      <nm-combobox input-id=${e} keeps described-by="${e}-hint" placeholder=${d(`输入单位名称查找`)}
        .options=${this.organisations} .chosen=${this.organisation}
        @nm-choose=${e=>this.organisation=e.detail}></nm-combobox>
      <p class="hint" id="${e}-hint">${d(`找不到的单位还没有登记：`)}<a href="#/organisations">${d(`先登记单位`)}</a></p></div>`}regionField(){let e=`${this.stem}-region`;return _`<div class="field"><label for=${e}>${d(`所辖地区`)}<span class="must">${d(`（必填）`)}</span></label>
      <nm-combobox input-id=${e} keeps placeholder=${d(`输入地名查找`)} .finder=${e=>this.catalogue.findRegions(e)}
        .chosen=${this.region} @nm-choose=${e=>this.region=e.detail}></nm-combobox></div>`}};P([x({attribute:!1})],Y.prototype,`session`,void 0),P([x({attribute:!1})],Y.prototype,`catalogue`,void 0),P([x()],Y.prototype,`stem`,void 0),P([x({attribute:!1})],Y.prototype,`organisations`,void 0),P([x()],Y.prototype,`usual`,void 0),P([S()],Y.prototype,`given`,void 0),P([S()],Y.prototype,`organisation`,void 0),P([S()],Y.prototype,`region`,void 0),Y=P([b(`nm-belonging`)],Y);var $a=[`read`,`match`,`write`,`administer`],eo=new Set([`read`,`match`]),to=[30,90,365],no=class extends N{constructor(...e){super(...e),this.isAdding=!1,this.problem=null,this.made=``,this.organisations=new j(this),this.keys=new U(this,`/v1/keys`),this.add=async e=>{e.preventDefault();let t=new FormData(e.target),n={name:String(t.get(`name`)).trim(),...this.find(`nm-belonging`).values,scopes:t.getAll(`scopes`),read_only:t.has(`read_only`),days:Number(t.get(`days`))};await this.attempt(async()=>{this.made=(await w(`POST`,`/v1/keys`,{body:n})).key,this.isAdding=!1})}}connectedCallback(){super.connectedCallback(),this.load(),this.isOverseer&&this.organisations.ask(Qr)}get isOverseer(){let{session:e}=this.context;return E(e)&&T(e,`list_organisations`)}render(){return _`<section class="panel" aria-label=${d(`接口密钥`)}>
        <p class="panel-tools"><button type="button" class="primary" @click=${this.begin}>${d(`签发密钥`)}</button></p>
        <p class="hint">${d(`密钥给程序用：业务系统凭它调用接口。`)}</p>
        <div role="status">${this.made?D(d(`密钥全文只显示这一次，请立即保存`),_`<p><code class="secret">${this.made}</code></p>`):y}</div>
        <div role="alert">${this.problem?O(this.problem):y}</div>
        ${this.keys.render(e=>this.table(e),()=>k(d(`还没有密钥。`),d(`让业务系统调用接口前，先签发一把。`)))}
      </section>
      <nm-drawer heading=${d(`签发密钥`)} .open=${this.isAdding} .content=${()=>this.form()} @nm-close=${()=>this.isAdding=!1}></nm-drawer>`}begin(){this.problem=null,this.isAdding=!0}load(){return this.keys.load()}table(e){return _`<table class="rows">
      <caption class="unseen">${d(`接口密钥`)}</caption>
      <thead><tr>
        <th scope="col">${d(`用途`)}</th><th scope="col">${d(`识别段`)}</th><th scope="col">${d(`角色`)}</th>
        ${this.isOverseer?_`<th scope="col">${d(`单位`)}</th>`:y}<th scope="col">${d(`用途范围`)}</th>
        <th scope="col">${d(`失效时间`)}</th><th scope="col">${d(`状态`)}</th><th scope="col">${d(`操作`)}</th>
      </tr></thead>
      <tbody>${e.map(e=>this.row(e))}</tbody>
    </table>`}row(e){let{catalogue:t}=this.context,n=new Date(e.expires_at).getTime()<Date.now(),r=!e.revoked_at&&!n;return _`<tr>
      <th scope="row" data-name=${d(`用途`)}>${e.name}</th>
      <td data-name=${d(`识别段`)}><code>${e.key_id}</code></td>
      <td data-name=${d(`角色`)}>${t.label(`Role`,e.role)}</td>
      ${this.isOverseer?_`<td data-name=${d(`单位`)}>${this.ownerOf(e)}</td>`:y}
      <td data-name=${d(`用途范围`)}>${e.scopes.map(e=>t.label(`Scope`,e)).join(d(`、`))}${e.read_only?d(`（只读）`):``}</td>
      <td data-name=${d(`失效时间`)} class="nowrap">${M(e.expires_at)}</td>
      <td data-name=${d(`状态`)}>${e.revoked_at?_`<span class="state revoked">${d(`已撤销`)}</span>`:_`<span class="state ${n?`draft`:`active`}">${d(n?`已过期`:`有效`)}</span>`}</td>
      <td data-name=${d(`操作`)}>${r?_`<button type="button" class="link" @click=${()=>this.rotate(e)}>${d(`换新`)}<span class="unseen">${e.name}</span></button>
            <button type="button" class="link" @click=${()=>this.revoke(e)}>${d(`撤销`)}<span class="unseen">${e.name}</span></button>`:y}</td>
    </tr>`}ownerOf({organisation_id:e}){var t;return e?((t=this.organisations.answer)==null||(t=t.find(({code:t})=>t===e))==null?void 0:t.name)??e:d(`平台管理方`)}form(){let{session:e,catalogue:t}=this.context;return _`<form novalidate @submit=${this.add}>
      <div class="field"><label for="key-name">${d(`用途`)}</label><input id="key-name" name="name" type="text" aria-describedby="key-name-hint">
        <p class="hint" id="key-name-hint">${d(`写明给哪个系统用，例如“园区业务系统”。`)}</p></div>
      <nm-belonging stem="key" usual=${e.role} .session=${e} .catalogue=${t} .organisations=${this.organisations.answer??[]}></nm-belonging>
      <fieldset class="checks"><legend>${d(`用途范围`)}</legend>
        ${$a.map(e=>_`<label class="check"><input type="checkbox" name="scopes" value=${e} ?checked=${eo.has(e)}>${t.label(`Scope`,e)}</label>`)}
      </fieldset>
      <div class="field"><label for="key-days">${d(`有效期`)}</label>
        <select id="key-days" name="days">${to.map(e=>_`<option value=${e}>${d(`{most} 天`,{most:e})}</option>`)}</select></div>
      <label class="check"><input type="checkbox" name="read_only">${d(`只读：就是有写入的用途，也不能写入`)}</label>
      <div class="actions"><button type="submit" class="primary">${d(`签发`)}</button></div>
      <div role="alert">${this.problem?O(this.problem):y}</div>
    </form>`}async rotate(e){let t=d(`将签发一把同名同权的新密钥，全文只显示一次；“{name}”的旧密钥继续有效，程序换上新的后请撤销旧的。确定换新吗？`,{name:e.name});window.confirm(t)&&await this.attempt(async()=>{this.made=(await w(`POST`,`/v1/keys/${e.id}/rotate`,{body:{}})).key})}async revoke(e){window.confirm(d(`撤销后立即无效，不能恢复。确定撤销“{name}”吗？`,{name:e.name}))&&await this.attempt(()=>w(`DELETE`,`/v1/keys/${e.id}`))}async attempt(e){try{await e(),this.problem=null,await this.load()}catch(e){if(!(e instanceof C))throw e;this.problem=e}}};P([x({attribute:!1})],no.prototype,`context`,void 0),P([S()],no.prototype,`isAdding`,void 0),P([S()],no.prototype,`problem`,void 0),P([S()],no.prototype,`made`,void 0),no=P([b(`nm-keys`)],no);var ro=`navmatch-unread-changed`,io=0;async function ao(){let e=io;try{let{n_unread:t}=await w(`GET`,`/v1/notifications`,{query:{unread:!0,limit:1}});e===io&&so(t)}catch(e){if(!(e instanceof C))throw e}}async function oo(e){io+=1;try{let{n_unread:t}=await w(`POST`,`/v1/notifications/read`,{body:e?{ids:e}:{}});so(t)}finally{io+=1}}function so(e){window.dispatchEvent(new CustomEvent(ro,{detail:e}))}var co=class extends N{constructor(...e){super(...e),this.notices=new U(this,`/v1/notifications`)}connectedCallback(){super.connectedCallback(),this.notices.load({limit:20})}render(){let e=this.notices.rows.some(({read_at:e})=>!e);return _`<section class="panel" aria-label=${d(`通知`)}>
      ${e?_`<p class="panel-tools"><button type="button" class="small" @click=${this.readAll}>${d(`全部标为已读`)}</button></p>`:y}
      ${this.notices.render(e=>_`<ul class="lines">${e.map(e=>this.line(e))}</ul>`,()=>k(d(`还没有通知。`),d(`有邀请、意向、提问和答复，订阅有新结果时会出现在这里。在“我的账号”里还可以设成发邮件。`)))}
    </section>`}line(e){let t=lo(e),n=t?_`<a href=${t} @click=${()=>this.seen(e)}>${e.text}</a>`:e.text;return _`<li class=${e.read_at?``:`unread`}>
      <span>${e.read_at?y:_`<span class="state active">${d(`未读`)}</span> `}${n}</span>
      <span class="hint">${d(e.kind_label)}　${M(e.created_at)}</span>
    </li>`}async readAll(){await oo(),await this.notices.load()}async seen({id:e,read_at:t}){if(!t)try{await oo([e])}catch(e){if(!(e instanceof C))throw e}}};P([x({attribute:!1})],co.prototype,`context`,void 0),co=P([b(`nm-notices`)],co);function lo({interaction_id:e,demand_id:t,subscription_id:n}){return e?`#/dealings/${e}`:t?`#/demands/${t}`:n?`#/subscriptions/${n}`:``}var uo={region_code:null,region_name:null},fo=[`national`,`provincial`,`municipal`],po=class extends N{constructor(...e){super(...e),this.written=null,this.isBase=!0,this.region=null,this.rows=new U(this,`/v1/organisations`),this.attempt=new H(this),this.save=async e=>{var t;e.preventDefault();let{written:n}=this;if(!n)return;let r=new FormData(e.target),i=e=>String(r.get(e)??``).trim()||null,a={name:i(`name`),org_type:i(`org_type`),uscc:i(`uscc`),region_code:((t=this.region)==null?void 0:t.code)??null};await this.attempt.make(async()=>{let e=n===`new`?await this.add({...a,level:i(`level`)}):await this.change(n,a);return this.written=null,await this.rows.load(),e})}}connectedCallback(){super.connectedCallback(),this.rows.load({limit:20})}render(){let e=T(this.context.session,`create_organisation`);return _`<section class="panel" aria-label=${d(`单位名录`)}>
        ${e?_`<p class="panel-tools"><button type="button" class="primary" @click=${()=>this.begin(`new`)}>${d(`登记单位`)}</button></p>`:y}
        <p class="hint">${d(`登记后才能为它建立账号。服务机构的资料由它的管理员登录后填写。登记错了或更了名，点“修改”；不能在这里删除。`)}</p>
        <p class="outcome-line" role="status">${this.attempt.said}</p>
        ${this.rows.render(e=>this.table(e),()=>this.empty(e))}
      </section>
      <nm-drawer heading=${this.written===`new`?d(`登记单位`):d(`修改单位`)} .open=${this.written!==null} .content=${()=>this.form()}
        @nm-close=${()=>this.written=null}></nm-drawer>`}empty(e){return k(d(`还没有登记单位。`),d(e?`先登记一家单位，再到“账号”里为它建立管理员。`:`请平台管理方登记。`))}begin(e){let{region_code:t,region_name:n}=e===`new`?uo:e;this.region=t?{code:t,name:n??t}:null,this.attempt.forget(),this.written=e}table(e){let{catalogue:t,session:n}=this.context;return _`<table class="rows">
      <caption class="unseen">${d(`单位名录`)}</caption>
      <thead><tr>
        <th scope="col">${d(`名称`)}</th><th scope="col">${d(`类型`)}</th><th scope="col">${d(`所在地`)}</th><th scope="col">${d(`操作`)}</th>
      </tr></thead>
      <tbody>${e.map(e=>_`<tr>
          <th scope="row" data-name=${d(`名称`)}>${e.name}</th>
          <td data-name=${d(`类型`)}>${t.label(`OrganisationType`,e.org_type)}</td>
          <td data-name=${d(`所在地`)}>${e.region_name??d(`没有填报`)}</td>
          <td data-name=${d(`操作`)}>${T(n,`add_person`)?_`<a href="#/people">${d(`建立账号`)}<span class="unseen">${e.name}</span></a>`:y}
            ${T(n,`change_organisation`)?_`<button type="button" class="link" @click=${()=>this.begin(e)}>${d(`修改`)}<span class="unseen">${e.name}</span></button>`:y}</td>
        </tr>`)}</tbody>
    </table>`}form(){let{catalogue:e}=this.context,t=this.written===`new`?null:this.written,n=e.choices(`OrganisationType`);return _`<form novalidate autocomplete="off" @submit=${this.save}>
      ${t?y:_`<fieldset class="checks">
            <legend>${d(`登记什么`)}</legend>
            ${this.kind(!0,d(`服务基地`))} ${this.kind(!1,d(`其他单位：服务机构、成果使用单位`))}
          </fieldset>`}
      <div class="field"><label for="organisation-name">${d(`名称`)}<span class="must">${d(`（必填）`)}</span></label>
        <input id="organisation-name" name="name" type="text" .value=${(t==null?void 0:t.name)??``}></div>
      <div class="field"><label for="organisation-type">${d(`类型`)}</label>
        <select id="organisation-type" name="org_type">
          ${n.map(({code:e,name:n})=>_`<option value=${e} ?selected=${e===(t==null?void 0:t.org_type)}>${n}</option>`)}
        </select></div>
      ${this.isBase&&!t?this.level():y}
      <div class="field"><label for="organisation-uscc">${d(`统一社会信用代码`)}</label>
        <input id="organisation-uscc" name="uscc" type="text" .value=${(t==null?void 0:t.uscc)??``} autocapitalize="characters" aria-describedby="organisation-uscc-hint">
        <p class="hint" id="organisation-uscc-hint">${d(`18 位；填了，同一家单位不会登记两次。`)}</p></div>
      <div class="field"><label for="organisation-region">${d(`所在地`)}</label>
        <nm-combobox input-id="organisation-region" keeps described-by="organisation-region-hint" placeholder=${d(`输入地名查找`)}
          .finder=${t=>e.findRegions(t)} .chosen=${this.region}
          @nm-choose=${e=>this.region=e.detail}></nm-combobox>
        <p class="hint" id="organisation-region-hint">${d(`本地区可见的内容、地方主管部门的管辖都按它算。`)}</p></div>
      <div class="actions"><button type="submit" class="primary">${d(t?`保存`:`登记`)}</button></div>
      ${this.attempt.refusal()}
    </form>`}kind(e,t){return _`<label class="check"><input type="radio" name="kind" .checked=${this.isBase===e} @change=${()=>this.isBase=e}>${t}</label>`}level(){let{catalogue:e}=this.context;return _`<div class="field"><label for="organisation-level">${d(`基地级别`)}</label>
      <select id="organisation-level" name="level">${fo.map(t=>_`<option value=${t}>${e.label(`BaseLevel`,t)}</option>`)}</select></div>`}async add(e){let t=Object.fromEntries(Object.entries(e).filter(([,e])=>e)),{name:n}=await w(`POST`,this.isBase?`/v1/bases`:`/v1/organisations`,{body:t});return d(`已登记：{name}。下一步到“账号”里为它建立管理员。`,{name:n})}async change(e,t){let n={...e},r=Object.entries(t).filter(([e,t])=>t!==n[e]),i={...Object.fromEntries(r),version:e.version};return r.length&&await w(`PATCH`,`/v1/organisations/${e.id}`,{body:i}),d(`修改已保存。`)}};P([x({attribute:!1})],po.prototype,`context`,void 0),P([S()],po.prototype,`written`,void 0),P([S()],po.prototype,`isBase`,void 0),P([S()],po.prototype,`region`,void 0),po=P([b(`nm-organisations`)],po);var mo=class extends N{constructor(...e){super(...e),this.isAdding=!1,this.problem=null,this.password=null,this.people=new U(this,`/v1/people`),this.organisations=new j(this),this.add=async e=>{e.preventDefault();let t=new FormData(e.target),n={...Object.fromEntries([...t].filter(([,e])=>String(e).trim())),...this.find(`nm-belonging`).values};await this.attempt(async()=>{let e=await w(`POST`,`/v1/people`,{body:n});this.password={login:e.person.login,text:e.password},this.isAdding=!1})}}connectedCallback(){super.connectedCallback(),this.load();let{session:e}=this.context;E(e)&&T(e,`list_organisations`)&&this.organisations.ask(Qr)}render(){return _`<section class="panel" aria-label=${d(`账号`)}>
        <p class="panel-tools"><button type="button" class="primary" @click=${this.begin}>${d(`建立账号`)}</button></p>
        <div role="status">${this.password?this.shownOnce(this.password):y}</div>
        <div role="alert">${this.problem?O(this.problem):y}</div>
        ${this.people.render(e=>this.table(e),()=>k(d(`还没有账号。`),d(`建立账号后，把初始密码当面交给本人。`)))}
      </section>
      <nm-drawer heading=${d(`建立账号`)} .open=${this.isAdding} .content=${()=>this.form()} @nm-close=${()=>this.isAdding=!1}></nm-drawer>`}load(){return this.people.load()}begin(){this.problem=null,this.isAdding=!0}shownOnce({login:e,text:t}){return D(d(`{login} 的初始密码，只显示这一次`,{login:e}),_`<p><code class="secret">${t}</code></p><p>${d(`请当面交给本人；首次登录后须先修改。`)}</p>`)}table(e){return _`<table class="rows">
      <caption class="unseen">${d(`账号`)}</caption>
      <thead><tr>
        <th scope="col">${d(`登录名`)}</th><th scope="col">${d(`姓名`)}</th><th scope="col">${d(`角色`)}</th><th scope="col">${d(`单位`)}</th>
        <th scope="col">${d(`状态`)}</th><th scope="col">${d(`建立时间`)}</th><th scope="col">${d(`操作`)}</th>
      </tr></thead>
      <tbody>${e.map(e=>this.row(e))}</tbody>
    </table>`}row(e){let t=this.context.catalogue.label(`Role`,e.role),n=e.is_locked?`unlock`:`lock`;return _`<tr>
      <th scope="row" data-name=${d(`登录名`)}>${e.login}</th>
      <td data-name=${d(`姓名`)}>${e.name}</td>
      <td data-name=${d(`角色`)}>${t}</td>
      <td data-name=${d(`单位`)}>${e.organisation_name??(e.role===`operator`?d(`平台管理方`):t)}</td>
      <td data-name=${d(`状态`)}>
        ${e.is_locked?_`<span class="state suspended">${d(`已停用`)}</span>`:_`<span class="state active">${d(`正常`)}</span>`}
        ${e.has_authenticator?_`<span class="state">${d(`已绑定验证器`)}</span>`:y}
        ${e.must_change_password?_`<span class="state draft">${d(`待改初始密码`)}</span>`:y}
      </td>
      <td data-name=${d(`建立时间`)} class="nowrap">${M(e.created_at)}</td>
      <td data-name=${d(`操作`)}>
        <button type="button" class="link" @click=${()=>this.take(e,n)}>${e.is_locked?d(`恢复`):d(`停用`)}<span class="unseen">${e.login}</span></button>
        <button type="button" class="link" @click=${()=>this.reset(e)}>${d(`重置密码`)}<span class="unseen">${e.login}</span></button>
      </td>
    </tr>`}form(){let{session:e,catalogue:t}=this.context;return _`<form novalidate @submit=${this.add}>
      <div class="field"><label for="person-login">${d(`登录名`)}</label><input id="person-login" name="login" type="text" autocapitalize="none"></div>
      <div class="field"><label for="person-name">${d(`姓名`)}</label><input id="person-name" name="name" type="text"></div>
      <nm-belonging stem="person" .session=${e} .catalogue=${t} .organisations=${this.organisations.answer??[]}></nm-belonging>
      <div class="actions"><button type="submit" class="primary">${d(`建立`)}</button></div>
      <div role="alert">${this.problem?O(this.problem):y}</div>
    </form>`}async reset(e){window.confirm(d(`重置后，{login} 现在的密码和验证器都失效。确定吗？`,{login:e.login}))&&await this.attempt(async()=>{let t=await w(`POST`,`/v1/people/${e.id}/password`);this.password={login:e.login,text:t.password}})}async take(e,t){let n=d(`停用后，{login} 的登录立即全部结束，以后可以恢复。确定停用吗？`,{login:e.login});(t!==`lock`||window.confirm(n))&&await this.attempt(async()=>{await w(`POST`,`/v1/people/${e.id}/${t}`)})}async attempt(e){try{await e(),this.problem=null,await this.load()}catch(e){if(!(e instanceof C))throw e;this.problem=e}}};P([x({attribute:!1})],mo.prototype,`context`,void 0),P([S()],mo.prototype,`isAdding`,void 0),P([S()],mo.prototype,`problem`,void 0),P([S()],mo.prototype,`password`,void 0),mo=P([b(`nm-people`)],mo);var ho={title:[2,80],description:[30,2e3]},go=1e5,_o=ho.description[1],vo=class e{constructor(){this.title=``,this.description=``,this.leastDays=``,this.mostDays=``,this.methods=``,this.keywords=``,this.validUntil=``,this.visibility=`platform`,this.own={},this.isGivenBack=!1,this.stored=null}static of(t){let n=new e;if(!t)return n;let{min:r,max:i}=t.typical_days;return n.title=t.title,n.description=t.description,n.leastDays=r===null?``:String(r),n.mostDays=i===null?``:String(i),n.methods=t.methods.join(`
`),n.keywords=t.tech_keywords.join(`、`),n.validUntil=t.valid_until??``,n.visibility=t.visibility,n.stored=t,n}chosenBefore(e){return this.isGivenBack||!this.stored?[]:this.stored.tags.filter(t=>t.scheme===e&&t.source===`human`)}get deliverablesBefore(){var e;return!this.isGivenBack&&(e=this.stored)!=null&&e.human_fields.includes(`deliverables`)?this.stored.deliverables:null}get hasChosenBefore(){return[`scenario`,`sei2018`].some(e=>this.chosenBefore(e).length>0)||this.deliverablesBefore!==null}get hasDays(){return!!(this.leastDays.trim()||this.mostDays.trim())}get values(){return{title:this.title.trim(),description:this.description.trim(),typical_days:this.hasDays?{min:z(this.leastDays),max:z(this.mostDays)}:null,methods:bo(this.methods,/\n/),tech_keywords:bo(this.keywords,/[、，,;；\n]/),valid_until:this.validUntil||null,visibility:this.visibility,...this.isGivenBack?{deliverables:null}:{},...this.own.deliverables?{deliverables:yo(this.own.deliverables)}:{}}}get body(){let{scenarios:e,industries:t}=this.own;return{...this.values,...e!=null&&e.length?{scenario_tags:yo(e)}:{},...t!=null&&t.length?{industry_tags:yo(t)}:{}}}get tags(){let{scenarios:e,industries:t}=this.own,n={...this.isGivenBack?{scenarios:null,industries:null}:{},...e!=null&&e.length?{scenarios:yo(e)}:{},...t!=null&&t.length?{industries:yo(t)}:{}};return Object.keys(n).length?n:null}get problems(){return[...[`title`,`description`].map(e=>({field:e,n:R(this[e].trim()),least:ho[e][0],most:ho[e][1]})).filter(({n:e,least:t,most:n})=>e<t||e>n).map(({field:e,n:t,least:n,most:r})=>({field:e,message:d(`请写 {least} 至 {most} 字，现在 {n} 字。`,{least:n,most:r,n:t})})),...this.daysProblems]}get daysProblems(){let[e,t]=[z(this.leastDays),z(this.mostDays)],n=e=>e===null||Number.isInteger(e)&&e<=go;return!n(e)||!n(t)?[{field:`days`,message:d(`工期请写天数的整数，例如 30。`)}]:e!==null&&t!==null&&e>t?[{field:`days`,message:d(`最短天数不能大于最长天数。`)}]:[]}};function yo(e){return e.map(({code:e})=>e)}function bo(e,t){let n=e.split(t).map(e=>e.trim());return Array.from(new Set(n.filter(Boolean)))}var xo=300,So=10,Co=80,wo=`OTH`,To=class extends N{constructor(...e){super(...e),this.capability=null,this.draft=new vo,this.errors=[],this.read=new j(this),this.attempt=new H(this),this.timer=0,this.version=0}willUpdate(e){var t;e.has(`capability`)&&(this.draft=vo.of(this.capability),this.version=((t=this.capability)==null?void 0:t.version)??0,this.ask())}render(){let{draft:e}=this;return _`<form novalidate autocomplete="off" @submit=${this.save}>
      ${this.field(`title`,d(`标题`),_`<input id="capability-title" type="text" .value=${B(e.title)}
        aria-describedby="capability-title-error" aria-invalid=${this.invalid(`title`)} @input=${this.wrote(`title`)}>`,!0)}
      ${this.field(`description`,d(`能力描述`),_`<textarea id="capability-description" rows="8" .value=${B(e.description)}
        aria-describedby="capability-hint capability-description-error" aria-invalid=${this.invalid(`description`)}
        @input=${this.wrote(`description`)}></textarea>`,!0)}
      <p class="hint" id="capability-hint">${d(`写清面向谁、做什么决策、用什么方法、交付什么成果。{n} / {most} 字`,{n:R(e.description),most:_o})}</p>
      <section class="understanding" aria-labelledby="advice-title">
        <h3 id="advice-title">${d(`写得怎么样`)}</h3>
        ${this.read.render(e=>this.advice(e))}
      </section>
      ${this.days()} ${this.more()}
      <nm-levels name="capability-visibility" heading=${d(`可见范围`)} described-by="capability-visibility-hint" .value=${e.visibility} .levels=${this.levels}
        @nm-level=${t=>e.visibility=t.detail}></nm-levels>
      <p class="hint" id="capability-visibility-hint">${d(`机构本身的可见范围更窄的，以机构的为准。`)}</p>
      <div class="actions sticky"><button type="submit" class="primary">${d(`保存`)}</button></div>
      ${this.attempt.refusal()}
    </form>`}field(e,t,n,r=!1){let i=this.errors.find(({field:t})=>t===e);return _`<div class="field">
      <label for="capability-${e}">${t}${r?_`<span class="must">${d(`（必填）`)}</span>`:y}</label>
      ${n}
      <p class="error" id="capability-${e}-error">${(i==null?void 0:i.message)??y}</p>
    </div>`}days(){let e=(e,t,n)=>_`<div class="field">
      <label for=${e}>${t}</label>
      <input id=${e} type="text" inputmode="numeric" .value=${B(this.draft[n])} aria-invalid=${this.invalid(`days`)}
        aria-describedby="capability-days-hint capability-days-error" @input=${this.wrote(n)}></div>`,t=this.errors.find(({field:e})=>e===`days`);return _`<fieldset class="row">
        <legend>${d(`通常工期`)}</legend>
        ${e(`capability-days`,d(`最短（天）`),`leastDays`)} ${e(`capability-most-days`,d(`最长（天）`),`mostDays`)}
        <p class="error" id="capability-days-error">${(t==null?void 0:t.message)??y}</p>
      </fieldset>
      <p class="hint" id="capability-days-hint">${d(`需求的期限比最短工期还短时，匹配结果里会写明。金额按机构登记：在“修改机构信息”里填最低承接金额。`)}</p>`}more(){let{draft:e}=this;return _`<details>
      <summary>${d(`方法、技术关键词和有效期（可选）`)}</summary>
      ${this.field(`methods`,d(`采用的方法，一行一个`),_`<textarea id="capability-methods" rows="3" .value=${B(e.methods)}
        @input=${this.wrote(`methods`)}></textarea>`)}
      ${this.field(`keywords`,d(`技术关键词，用顿号隔开`),_`<input id="capability-keywords" type="text" .value=${B(e.keywords)}
        @input=${this.wrote(`keywords`)}>`)}
      ${this.field(`validUntil`,d(`有效期，长期有效的不填`),_`<input id="capability-validUntil" type="date" .value=${B(e.validUntil)}
        @input=${this.wrote(`validUntil`)}>`)}
    </details>`}get levels(){return Bt.map(e=>({value:e,name:this.catalogue.label(`Visibility`,e),words:Wt(e)}))}invalid(e){return this.errors.some(({field:t})=>t===e)?`true`:y}wrote(e){return t=>{this.draft[e]=t.target.value;let n=e===`leastDays`||e===`mostDays`?`days`:e;this.errors=this.errors.filter(e=>e.field!==n),(e===`title`||e===`description`)&&(window.clearTimeout(this.timer),this.timer=window.setTimeout(()=>void this.ask(),xo))}}async ask(){let e=this.draft.description.trim(),t=this.draft.title.trim();if(R(e)<So){this.read.forget();return}let n={text:e,...R(t)>1?{title:t}:{}};await this.read.ask(e=>w(`POST`,`/v1/tags`,{body:n,signal:e}))}advice(e){let t=this.missing(e);return _`<div @nm-tags=${this.corrected}>
        ${this.tagger(`scenarios`,d(`应用场景`),3,this.standing(e,`scenarios`))}
        ${this.tagger(`industries`,d(`产业`),5,this.standing(e,`industries`))}
        ${this.tagger(`deliverables`,d(`成果形式`),13,this.standing(e,`deliverables`))}
      </div>
      ${this.draft.hasChosenBefore?_`<button type="button" class="small" @click=${this.giveBack}>${d(`全部恢复自动识别`)}</button>`:y}
      ${t.length?_`<p class="hint">${d(`补充下面几点，更容易被合适的需求找到：`)}</p>${A(t)}`:_`<p class="met">${d(`写得清楚，没有要补充的。`)}</p>`}`}tagger(e,t,n,r){let{scenarios:i,industries:a}=this.catalogue,o={scenarios:i,industries:a,deliverables:this.catalogue.choices(`Deliverable`)};return _`<nm-tagger id="capability-${e}" label=${t} most=${n} alone=${e===`scenarios`?wo:``}
      ?may-be-empty=${e===`deliverables`} .options=${o[e]} .automatic=${r} .own=${this.draft.own[e]??null}></nm-tagger>`}standing(e,t){var n;let{draft:r,catalogue:i}=this,a=(e,t)=>e.length?e:t;if(t===`scenarios`)return a(r.chosenBefore(`scenario`),e.scenarios);if(t===`industries`)return a(r.chosenBefore(`sei2018`),e.industries.filter(({scheme:e})=>e===`sei2018`));let o=(n=r.deliverablesBefore)==null?void 0:n.map(e=>({code:e,name:i.label(`Deliverable`,e),source:`human`}));if(o)return o;let s=new Set(e.deliverables.map(({deliverable:e})=>e));return Array.from(s,e=>({code:e,name:i.label(`Deliverable`,e)}))}corrected(e){let t=e.target,n=t.id.replace(`capability-`,``);t.own?this.draft.own[n]=t.own:delete this.draft.own[n],this.requestUpdate()}giveBack(){this.draft.isGivenBack=!0,this.draft.own={},this.requestUpdate()}missing(e){let{draft:t}=this,n=n=>t.own[n]??this.standing(e,n),r=e.quality.vague_terms.map(({text:e})=>Qt(e)).join(``),i=n(`scenarios`).some(({code:e})=>e!==wo),a=e.any_industry||e.industries.length>0||n(`industries`).length>0;return[i?``:d(`没有看出服务于哪种决策，例如侵权风险排查、产业规划、招商引智。`),a?``:d(`没有写明产业或技术领域；什么行业都做的，请写“不限行业”。`),n(`deliverables`).length?``:d(`没有写明交付什么，例如分析报告、专题数据库、名单。`),R(t.description)<Co?d(`偏短：写上做过的对象、方法和数据来源，区分度更高。`):``,t.hasDays?``:d(`没有填通常工期；填了，期限太紧的需求会标出来。`),r?d(`有些说法不够具体：{terms}。`,{terms:r}):``,...e.quality.advice.filter(({code:e})=>e===`personal_data`).map(({message:e})=>e)].filter(Boolean)}async save(e){if(e.preventDefault(),this.errors=this.draft.problems,this.errors.length){var t;(t=this.find(`#capability-${this.errors[0].field}`))==null||t.focus()}else await this.attempt.make(async()=>(await this.store(),``))&&this.tell(`nm-saved`)}async store(){let{draft:e,capability:t,provider:n}=this;if(!t){await w(`POST`,`/v1/providers/${n.id}/capabilities`,{body:e.body});return}let r=`/v1/capabilities/${t.id}`,i={...e.values,version:this.version};({version:this.version}=await w(`PATCH`,r,{body:i})),e.tags&&await w(`PUT`,`${r}/tags`,{body:{...e.tags,version:this.version}})}};P([x({attribute:!1})],To.prototype,`catalogue`,void 0),P([x({attribute:!1})],To.prototype,`provider`,void 0),P([x({attribute:!1})],To.prototype,`capability`,void 0),P([S()],To.prototype,`draft`,void 0),P([S()],To.prototype,`errors`,void 0),To=P([b(`nm-capability-form`)],To);var Eo=30,Do=class extends N{constructor(...e){super(...e),this.stored=[],this.rows=[],this.isChanged=!1}get values(){return this.isChanged?this.rows.map(({verified_by:e,verified_at:t,...n})=>n):null}willUpdate(e){e.has(`stored`)&&(this.rows=[...this.stored])}render(){return _`<fieldset class="list">
      <legend>${d(`资质`)}</legend>
      ${this.rows.map((e,t)=>this.row(e,t))}
      <button type="button" class="small add" ?disabled=${this.rows.length>=Eo} @click=${this.add}>${d(`添加一项资质`)}</button>
    </fieldset>`}row(e,t){let n=t+1,r=`credential-${t}`;return _`<div class="row" role="group" aria-label=${d(`第 {n} 项资质`,{n})}>
      <div class="field"><label for="${r}-type">${d(`种类`)}</label>
        <select id="${r}-type" @change=${this.set(t,`type`)}>
          ${this.catalogue.choices(`CredentialType`).map(({code:t,name:n})=>_`<option value=${t} ?selected=${t===e.type}>${n}</option>`)}
        </select></div>
      <div class="field"><label for="${r}-level">${d(`等级（可不填）`)}</label>
        <input id="${r}-level" type="text" .value=${e.level??``} @input=${this.set(t,`level`)}></div>
      <div class="field"><label for="${r}-end">${d(`有效期至（可不填）`)}</label>
        <input id="${r}-end" type="date" .value=${e.valid_to??``} @input=${this.set(t,`valid_to`)}></div>
      <button type="button" class="small plain" @click=${()=>this.drop(t)}>${d(`去掉`)}<span class="unseen">${d(`第 {n} 项资质`,{n})}</span></button>
    </div>`}set(e,t){return n=>{let r=n.target.value.trim()||null;this.change(this.rows.map((n,i)=>i===e?{...n,[t]:r}:n))}}async add(){var e;let t=this.catalogue.choices(`CredentialType`)[0].code;this.change([...this.rows,{type:t,level:null,valid_to:null,verified_by:null,verified_at:null}]),await this.updateComplete,(e=this.find(`#credential-${this.rows.length-1}-type`))==null||e.focus()}async drop(e){var t;this.change(this.rows.filter((t,n)=>n!==e)),await this.updateComplete,(t=this.find(`button.add`))==null||t.focus()}change(e){this.rows=e,this.isChanged=!0}};P([x({attribute:!1})],Do.prototype,`catalogue`,void 0),P([x({attribute:!1})],Do.prototype,`stored`,void 0),P([S()],Do.prototype,`rows`,void 0),P([S()],Do.prototype,`isChanged`,void 0),Do=P([b(`nm-credentials`)],Do);var Oo=`nation`;async function ko(e,t){return e===Oo?d(`全国`):t.regionName(e)}var Ao=class extends N{constructor(...e){super(...e),this.stored=[],this.rows=[],this.isChanged=!1}get values(){return this.isChanged?this.rows.map(({code:e})=>e):null}willUpdate(e){e.has(`stored`)&&(this.rows=this.stored.map(e=>({code:e,name:e})),this.nameRows(this.rows))}async nameRows(e){try{let t=await Promise.all(e.map(async({code:e})=>({code:e,name:await ko(e,this.catalogue)})));this.rows===e&&(this.rows=t)}catch(e){if(!(e instanceof C))throw e}}render(){return _`<fieldset class="list">
      <legend>${d(`服务区域`)}</legend>
      <ul class="chips">
        ${this.rows.length?this.rows.map(e=>this.chip(e)):_`<li class="none">${d(`没有填报`)}</li>`}
      </ul>
      <label class="unseen" for="served-add">${d(`添加服务区域`)}</label>
      <nm-combobox input-id="served-add" placeholder=${d(`输入地名添加，或选“全国”`)} .finder=${e=>this.offered(e)}
        @nm-choose=${this.choose}></nm-combobox>
    </fieldset>`}chip({code:e,name:t}){return _`<li><span class="chip">${t}<button type="button" aria-label=${d(`去掉{name}`,{name:t})}
      @click=${()=>this.change(this.rows.filter(t=>t.code!==e))}>×</button></span></li>`}async offered(e){let t={code:Oo,name:d(`全国`)},n=await this.catalogue.findRegions(e);return!e||t.name.toLowerCase().includes(e.toLowerCase())?[t,...n]:n}choose(e){e.stopPropagation();let{code:t,name:n}=e.detail,r=t===Oo?[]:this.rows.filter(e=>e.code!==Oo&&e.code!==t);this.change([...r,{code:t,name:n}].slice(-40))}change(e){this.rows=e,this.isChanged=!0}};P([x({attribute:!1})],Ao.prototype,`catalogue`,void 0),P([x({attribute:!1})],Ao.prototype,`stored`,void 0),P([S()],Ao.prototype,`rows`,void 0),P([S()],Ao.prototype,`isChanged`,void 0),Ao=P([b(`nm-served`)],Ao);var jo=1e6,Mo=[],No=class extends N{constructor(...e){super(...e),this.provider=null,this.problem=null,this.region=null}render(){var e,t,n,r;let{provider:i}=this,a=i!=null&&i.region_code?{code:i.region_code,name:i.region_name??``}:null;return _`<form class="narrow" novalidate @submit=${this.save}>
      <div class="field">
        <label for="provider-name">${d(`机构名称`)}<span class="must">${d(`（必填）`)}</span></label>
        <input id="provider-name" name="name" type="text" .value=${(i==null?void 0:i.name)??this.session.organisation_name??``}>
      </div>
      <div class="field">
        <label for="provider-type">${d(`类型`)}</label>
        <select id="provider-type" name="org_type">
          ${this.catalogue.choices(`OrganisationType`).map(({code:e,name:t})=>_`<option value=${e} ?selected=${e===((i==null?void 0:i.org_type)??`agency`)}>${t}</option>`)}
        </select>
      </div>
      <div class="field">
        <label for="provider-region">${d(`所在地`)}</label>
        <nm-combobox input-id="provider-region" keeps .finder=${e=>this.catalogue.findRegions(e)}
          .chosen=${this.region??a} @nm-choose=${e=>this.region=e.detail}></nm-combobox>
      </div>
      <div class="field">
        <label for="provider-intro">${d(`机构介绍`)}</label>
        <textarea id="provider-intro" name="intro" rows="5" .value=${(i==null?void 0:i.intro)??``}></textarea>
      </div>
      ${this.number(`team`,d(`团队总人数`),i==null||(e=i.team)==null?void 0:e.total)}
      ${this.number(`analysts`,d(`三年以上分析人员`),i==null?void 0:i.analysts_stability_3y)}
      ${this.number(`slots`,d(`还可承接的项目`),i==null||(t=i.capacity)==null?void 0:t.open_slots)}
      ${this.number(`least_money`,d(`最低承接金额（万元）`),Po(i==null||(n=i.preferences)==null?void 0:n.budget_min_fen),d(`预算比它低的需求，匹配结果里会写明；不填就不提。`))}
      ${this.number(`least_days`,d(`最短承接周期（天）`),i==null||(r=i.preferences)==null?void 0:r.period_min_days)}
      <nm-served .catalogue=${this.catalogue} .stored=${(i==null?void 0:i.service_regions)??Mo}></nm-served>
      <nm-credentials .catalogue=${this.catalogue} .stored=${(i==null?void 0:i.credentials)??Mo}></nm-credentials>
      ${this.answer(`nda_ready`,d(`能作保密承诺`),i==null?void 0:i.nda_ready)}
      ${this.answer(`on_prem_ok`,d(`能驻场或本地部署`),i==null?void 0:i.on_prem_ok)}
      <div class="actions"><button type="submit" class="primary">${d(`保存`)}</button></div>
      <div role="alert">${this.problem?O(this.problem):y}</div>
    </form>`}number(e,t,n,r=``){return _`<div class="field">
      <label for="provider-${e}">${t}</label>
      <input id="provider-${e}" name=${e} type="number" min="0" step="any" aria-describedby="provider-${e}-hint"
        .value=${n==null?``:String(n)}>
      <p class="hint" id="provider-${e}-hint">${r}</p>
    </div>`}answer(e,t,n){let r=(n??null)===null?``:String(n);return _`<div class="field">
      <label for="provider-${e}">${t}</label>
      <select id="provider-${e}" name=${e}>
        ${[[``,d(`没有填报`)],[`true`,d(`能`)],[`false`,d(`不能`)]].map(([e,t])=>_`<option value=${e} ?selected=${e===r}>${t}</option>`)}
      </select>
    </div>`}async save(e){e.preventDefault();let t=this.body(new FormData(e.target));try{if(this.provider){let{id:e,version:n}=this.provider;await w(`PATCH`,`/v1/providers/${e}`,{body:{...t,version:n}})}else await w(`POST`,`/v1/providers`,{body:t});this.problem=null,this.tell(`nm-saved`)}catch(e){if(!(e instanceof C))throw e;this.problem=e}}body(e){var t,n;let r=t=>String(e.get(t)??``).trim(),i=e=>r(e)===``?null:Number(r(e)),{provider:a}=this,o=e=>r(e)?r(e)===`true`:null,s=i(`team`),c=i(`slots`),l=i(`analysts`),u=i(`least_money`),[d,f]=[u===null?null:Math.round(u*jo),i(`least_days`)],p=a==null?void 0:a.preferences,m=Fo(d,p==null?void 0:p.budget_min_fen)||Fo(f,p==null?void 0:p.period_min_days),ee=this.find(`nm-served`).values,te=this.find(`nm-credentials`).values;return{name:r(`name`),org_type:r(`org_type`),...r(`intro`)?{intro:r(`intro`)}:{},...this.region?{region_code:this.region.code}:{},...Fo(s,a==null||(t=a.team)==null?void 0:t.total)?{team:{...a==null?void 0:a.team,total:s}}:{},...Fo(l,a==null?void 0:a.analysts_stability_3y)?{analysts_stability_3y:l}:{},...Fo(c,a==null||(n=a.capacity)==null?void 0:n.open_slots)?{capacity:{...a==null?void 0:a.capacity,open_slots:c}}:{},...m?{preferences:{...p,budget_min_fen:d,period_min_days:f}}:{},...ee?{service_regions:ee}:{},...te?{credentials:te}:{},nda_ready:o(`nda_ready`),on_prem_ok:o(`on_prem_ok`)}}};P([x({attribute:!1})],No.prototype,`catalogue`,void 0),P([x({attribute:!1})],No.prototype,`session`,void 0),P([x({attribute:!1})],No.prototype,`provider`,void 0),P([S()],No.prototype,`problem`,void 0),No=P([b(`nm-provider-form`)],No);function Po(e){return(e??null)===null?null:e/jo}function Fo(e,t){return e!==null||(t??null)!==null}var Io=class extends N{constructor(...e){super(...e),this.edited=null,this.isEditingFacts=!1,this.said=``,this.problem=null,this.own=new j(this),this.saved=async()=>{this.edited=null,this.isEditingFacts=!1,this.said=d(`已保存，匹配随即更新。`),await this.load()}}connectedCallback(){super.connectedCallback(),this.load()}render(){return _`<p class="status" role="status">${this.said}</p>
      <div role="alert">${this.problem?O(this.problem):y}</div>
      ${this.own.render(({provider:e,served:t,capabilities:n})=>e?this.shown(e,t,n):this.nobody())}`}async load(){await this.own.ask(async e=>{let t=await Wn(this.context.session,e),n=`/v1/providers/${t==null?void 0:t.id}/capabilities`;return{provider:t,served:t?await Promise.all(t.service_regions.map(e=>ko(e,this.context.catalogue))):[],capabilities:t?await w(`GET`,n,{signal:e}):[]}})}nobody(){let e=T(this.context.session,`create_provider`);return _`<section class="panel">
      ${k(d(`贵单位还没有登记为服务机构。`),d(e?`填写下面几项即可登记；其余事实可以之后补充。`:`请贵单位的管理员登录后登记。`))}
      ${e?_`<nm-provider-form .catalogue=${this.context.catalogue} .session=${this.context.session} @nm-saved=${this.saved}></nm-provider-form>`:y}
    </section>`}shown(e,t,n){let{session:r}=this.context;return _`
      <section class="panel" aria-labelledby="provider-title">
        ${T(r,`change_provider`)?_`<p class="panel-tools"><button type="button" class="small" @click=${()=>this.isEditingFacts=!0}>${d(`修改`)}</button></p>`:y}
        <h2 id="provider-title">${e.name}</h2>
        ${this.facts(e,t)}
        ${T(r,`set_contact`)?_`<nm-contact-form row-id=${e.id}></nm-contact-form>`:y}
      </section>
      <section class="panel" aria-labelledby="capabilities-title">
        ${T(r,`create_capability`)?_`<p class="panel-tools"><button type="button" class="primary" @click=${()=>this.edited=`new`}>${d(`登记一项能力`)}</button></p>`:y}
        <h2 id="capabilities-title">${d(`能力（{n} 项）`,{n:n.length})}</h2>
        ${n.length?this.table(n):k(d(`还没有登记能力。`),d(`匹配以能力为单位：一项能力写一类服务，写清对象、方法和交付的成果。`))}
      </section>
      <nm-drawer heading=${this.edited===`new`?d(`登记一项能力`):d(`修改能力`)} .open=${this.edited!==null}
        .content=${()=>this.form(e)} @nm-close=${()=>this.edited=null}></nm-drawer>
      <nm-drawer heading=${d(`修改机构信息`)} .open=${this.isEditingFacts} @nm-close=${()=>this.isEditingFacts=!1}
        .content=${()=>_`<nm-provider-form .catalogue=${this.context.catalogue} .session=${r} .provider=${e} @nm-saved=${this.saved}></nm-provider-form>`}></nm-drawer>
    `}facts(e,t){var n,r;let{catalogue:i}=this.context,a=e=>e===null?X():d(e?`是`:`否`),o=e=>(e??null)===null?X():String(e),{preferences:s}=e,c=e.credentials.map(({type:e,verified_at:t})=>`${i.label(`CredentialType`,e)}${t?``:d(`（自行填报）`)}`),l=[[d(`状态`),Bn(i,`ProviderState`,e.state)],[d(`类型`),i.label(`OrganisationType`,e.org_type)],[d(`所在地`),e.region_name??X()],[d(`服务区域`),t.join(d(`、`))||X()],[d(`团队总人数`),o((n=e.team)==null?void 0:n.total)],[d(`三年以上分析人员`),o(e.analysts_stability_3y)],[d(`还可承接的项目`),o((r=e.capacity)==null?void 0:r.open_slots)],[d(`最低承接金额`),((s==null?void 0:s.budget_min_fen)??null)===null?X():qt(s.budget_min_fen)],[d(`最短承接周期`),((s==null?void 0:s.period_min_days)??null)===null?X():d(`{n} 天`,{n:s.period_min_days})],[d(`能作保密承诺`),a(e.nda_ready)],[d(`能驻场或本地部署`),a(e.on_prem_ok)],[d(`资质`),c.join(d(`、`))||X()]];return _`${e.intro?_`<p class="description">${e.intro}</p>`:y}
      <dl class="pairs">${l.map(([e,t])=>_`<dt>${e}</dt><dd>${t}</dd>`)}</dl>
      <p class="hint">${d(`没有填报的事不当作满足，匹配时标为“待核实”；补上就能核对。`)}</p>`}table(e){return _`<table class="rows">
      <caption class="unseen">${d(`能力`)}</caption>
      <thead>
        <tr><th scope="col">${d(`标题`)}</th><th scope="col">${d(`应用场景`)}</th><th scope="col">${d(`产业`)}</th>
          <th scope="col">${d(`通常工期`)}</th><th scope="col">${d(`可见范围`)}</th><th scope="col">${d(`依据的程度`)}</th><th scope="col">${d(`操作`)}</th></tr>
      </thead>
      <tbody>
        ${e.map(e=>_`<tr>
            <th scope="row" data-name=${d(`标题`)}>${e.title}</th>
            <td data-name=${d(`应用场景`)}>${L(e.tags,`scenario`,this.context.catalogue)||d(`未识别到`)}</td>
            <td data-name=${d(`产业`)}>${L(e.tags,`sei2018`,this.context.catalogue)||d(`未识别到`)}</td>
            <td data-name=${d(`通常工期`)} class="nowrap">${Lo(e)}</td>
            <td data-name=${d(`可见范围`)}>${this.context.catalogue.label(`Visibility`,e.visibility)}</td>
            <td data-name=${d(`依据的程度`)}>${this.context.catalogue.label(`EvidenceLevel`,e.evidence_level)}</td>
            <td data-name=${d(`操作`)}><button type="button" class="link" @click=${()=>this.edited=e}>
              ${d(`查看与修改`)}<span class="unseen">${e.title}</span></button></td>
          </tr>`)}
      </tbody>
    </table>`}form(e){let t=this.edited===`new`?null:this.edited;return _`<nm-capability-form .catalogue=${this.context.catalogue} .provider=${e} .capability=${t}
      @nm-saved=${this.saved}></nm-capability-form>`}};P([x({attribute:!1})],Io.prototype,`context`,void 0),P([S()],Io.prototype,`edited`,void 0),P([S()],Io.prototype,`isEditingFacts`,void 0),P([S()],Io.prototype,`said`,void 0),P([S()],Io.prototype,`problem`,void 0),Io=P([b(`nm-profile`)],Io);function Lo({typical_days:{min:e,max:t}}){return e!==null&&t!==null?e===t?d(`{n} 天`,{n:e}):d(`{least} 至 {most} 天`,{least:e,most:t}):e===null?t===null?X():d(`不超过 {most} 天`,{most:t}):d(`{least} 天以上`,{least:e})}function X(){return d(`没有填报`)}var Ro=20,zo=class extends N{constructor(...e){super(...e),this.problem=null,this.recommended=new j(this),this.reason=new j(this)}connectedCallback(){super.connectedCallback(),this.recommended.ask(e=>this.load(e))}render(){return _`
      <section class="panel" aria-labelledby="why-title">
        <h2 id="why-title">${d(`为什么推荐（或不推荐）这条需求`)}</h2>
        <form class="filter-bar" novalidate @submit=${this.asked}>
          <div class="field">
            <label for="why">${d(`需求编号`)}</label>
            <input id="why" type="text" placeholder="XQ-32-2026-000001" aria-describedby="why-hint">
          </div>
          <div class="filter-actions"><button type="submit">${d(`查看原因`)}</button></div>
        </form>
        <p class="hint" id="why-hint">${d(`编号见需求列表。说明与匹配用的是同一套依据。`)}</p>
        <div role="status">${this.reason.render(e=>this.explained(e))}</div>
        <div role="alert">${this.problem?O(this.problem):y}</div>
      </section>
      <section class="panel" aria-labelledby="recommended-title">
        <h2 id="recommended-title">${d(`推荐的需求`)}</h2>
        ${this.recommended.render(e=>this.list(e))}
      </section>
    `}async load(e){let{session:t}=this.context,n=await Wn(t,e);if(!n)return{provider:n,answer:null,dealings:new Map};let r={k:Ro};return{provider:n,answer:await w(`GET`,`/v1/providers/${n.id}/matches`,{query:r,signal:e}),dealings:T(t,`list_interactions`)?await Yi({provider:n.id},e):new Map}}list({provider:e,answer:t,dealings:n}){return!e||!t?k(d(`贵单位还没有登记为服务机构。`),_`${d(`登记机构和能力后才能推荐需求：`)}<a href="#/profile">${d(`机构与能力`)}</a>`):_`<p class="status" role="status" id="status">${Hr(t,`demand`)}</p>
      <div id="results">
        ${Ur(t,{sides:`provider-demand`,actions:t=>this.actions(t,e,n.get(t.item.id)??null)})}
      </div>`}actions(e,t,n){return _`<a class="button small" href="#/demands/${e.item.id}">${d(`需求全文`)}<span class="unseen">${e.item.title}</span></a>
      ${T(this.context.session,`begin_interaction`)?_`<nm-dealing acting="provider" demand-id=${e.item.id} provider-id=${t.id} about=${e.item.title}
            .known=${n}></nm-dealing>`:y}`}asked(e){var t;e.preventDefault();let n=this.find(`#why`).value.trim(),r=(t=this.recommended.answer)==null?void 0:t.provider;n&&r&&this.reason.ask(e=>this.explain(n,r,e))}async explain(e,t,n){let r=(await w(`GET`,`/v1/demands`,{query:{text:e,limit:1},signal:n})).items[0];if(!r)throw new C({title:d(`没有这条需求`),code:`not_found`,detail:d(`编号不对，或这条需求没有向您公开。`)});let i={demand:r.id};return{demand:r,fit:await w(`GET`,`/v1/providers/${t.id}/fit`,{query:i,signal:n})}}explained({demand:e,fit:t}){return _`
      <h3><a href="#/demands/${e.id}">${e.title}</a></h3>
      <p>${t.is_recommended?_`<span class="state active">${d(`已推荐`)}</span>`:_`<span class="state draft">${d(`没有推荐`)}</span>`} ${t.summary}</p>
      ${t.blockers.length?D(d(`不满足的条件`),A(t.blockers)):y}
      ${t.gaps.length?D(d(`可以补充或改进的地方`),A(t.gaps)):y}
      ${t.match?un(t.match,{isOpen:!0,sides:`demand-provider`}):y}
    `}};P([x({attribute:!1})],zo.prototype,`context`,void 0),P([S()],zo.prototype,`problem`,void 0),zo=P([b(`nm-recommended`)],zo);var Bo=class extends N{constructor(...e){super(...e),this.row=``,this.isAdding=!1,this.made=null,this.shown=null,this.rows=new j(this),this.found=new j(this),this.attempt=new H(this)}connectedCallback(){super.connectedCallback(),this.begin()}async begin(){var e;await this.load();let t=(e=this.rows.answer)==null?void 0:e.find(({subscription:e})=>e.id===this.row);t&&await this.open(t.subscription)}render(){var e;return _`<section class="panel" aria-label=${d(`订阅`)}>
        <p class="panel-tools"><button type="button" class="primary" @click=${()=>this.isAdding=!0}>${d(`新的订阅`)}</button></p>
        <p class="hint">${d(`此后发布的需求或机构，意思相近或符合条件的，通知贵单位；每条只通知一次。`)}</p>
        ${this.attempt.outcome()}
        ${this.made?Si(this.made):y}
        ${this.rows.render(e=>e.length?this.table(e):Vo())}
      </section>
      <nm-drawer heading=${d(`新的订阅`)} .open=${this.isAdding} .content=${()=>this.form()} @nm-close=${()=>this.isAdding=!1}></nm-drawer>
      <nm-drawer heading=${((e=this.shown)==null?void 0:e.name)??``} .open=${this.shown!==null} .content=${()=>this.finds()}
        @nm-close=${()=>this.shown=null}></nm-drawer>`}async load(){await this.rows.ask(async e=>{let t=(await w(`GET`,`/v1/subscriptions`,{signal:e})).map(async e=>({subscription:e,conditions:await mi(e,this.context.catalogue)}));return(await Promise.all(t)).reverse()})}table(e){return _`<table class="rows">
      <caption class="unseen">${d(`订阅`)}</caption>
      <thead><tr>
        <th scope="col">${d(`名称`)}</th><th scope="col">${d(`找什么`)}</th><th scope="col">${d(`通知`)}</th>
        <th scope="col">${d(`已找到`)}</th><th scope="col">${d(`登记时间`)}</th><th scope="col">${d(`操作`)}</th>
      </tr></thead>
      <tbody>${e.map(e=>this.line(e))}</tbody>
    </table>`}line({subscription:e,conditions:t}){let{catalogue:n}=this.context,r=e.text?d(`“{band}”以上`,{band:n.label(`Band`,e.min_band)}):``;return _`<tr>
      <th scope="row" data-name=${d(`名称`)}>${e.name}
        ${e.text?_`<span class="because clamped">${e.text}</span>`:y}</th>
      <td data-name=${d(`找什么`)}>${[n.label(`Entity`,e.entity),n.label(`SubscriptionKind`,e.kind),r,...t].filter(Boolean).join(`　·　`)}</td>
      <td data-name=${d(`通知`)} class="nowrap">${n.label(`Cadence`,e.cadence)}</td>
      <td data-name=${d(`已找到`)} class="nowrap">
        <button type="button" class="link" @click=${()=>this.open(e)}>${d(`{n} 条`,{n:e.n_found})}<span class="unseen">${e.name}</span></button></td>
      <td data-name=${d(`登记时间`)} class="nowrap">${M(e.created_at)}</td>
      <td data-name=${d(`操作`)}>
        ${fi(e)?_`<a href="#/demands${bt(e.filters)}">${d(`打开检索`)}<span class="unseen">${e.name}</span></a>`:y}
        <button type="button" class="link" @click=${()=>this.renew(e)}>${d(`换新订阅源地址`)}<span class="unseen">${e.name}</span></button>
        <button type="button" class="link" @click=${()=>this.drop(e)}>${d(`删除`)}<span class="unseen">${e.name}</span></button></td>
    </tr>`}form(){return _`<nm-subscription-form .catalogue=${this.context.catalogue} @nm-subscribed=${e=>{this.isAdding=!1,this.attempt.make(async()=>(this.made=e.detail,await this.load(),d(`已订阅：{name}。`,{name:e.detail.about.name})))}}></nm-subscription-form>`}async open(e){this.shown=e,this.found.forget(),await this.found.ask(t=>w(`GET`,`/v1/subscriptions/${e.id}/found`,{signal:t}))}finds(){let e=this.shown.entity===`demand`;return this.found.render(t=>t.length?_`<ul class="lines">${t.map(t=>_`<li>
            ${e?_`<a href="#/demands/${t.id}">${t.title}</a>`:_`<span>${t.title}</span>`}
            <span class="hint">${t.band_label?d(t.band_label):``}　${M(t.found_at)}</span></li>`)}</ul>`:k(d(`还没有找到。`),d(`只看登记之后发布或改动的。现有的，请到“全部需求”里按条件筛选；一直没有，把匹配程度放低一档，或少几个条件。`)))}async renew(e){window.confirm(d(`换新后，原来的地址立即打不开。确定换新“{name}”的地址吗？`,{name:e.name}))&&await this.attempt.make(async()=>(this.made=await w(`POST`,`/v1/subscriptions/${e.id}/feed`),d(`已换新“{name}”的地址。`,{name:e.name})))}async drop(e){window.confirm(d(`连同找到的和订阅源一起删除，不能恢复。确定删除“{name}”吗？`,{name:e.name}))&&await this.attempt.make(async()=>(await w(`DELETE`,`/v1/subscriptions/${e.id}`),this.made=null,await this.load(),d(`已删除“{name}”。`,{name:e.name})))}};P([x({attribute:!1})],Bo.prototype,`context`,void 0),P([x()],Bo.prototype,`row`,void 0),P([S()],Bo.prototype,`isAdding`,void 0),P([S()],Bo.prototype,`made`,void 0),P([S()],Bo.prototype,`shown`,void 0),Bo=P([b(`nm-subscriptions`)],Bo);function Vo(){return k(d(`还没有订阅。`),d(`点“新的订阅”，粘贴一段文字，像它的需求一发布就通知；或者在“全部需求”里设好筛选条件，点“订阅这些条件”，以后点“打开检索”就是那些条件。`))}var Ho=1500,Uo=class extends N{constructor(...e){super(...e),this.version=``,this.startable=!1,this.newest=new j(this),this.attempt=new H(this),this.timer=0}connectedCallback(){super.connectedCallback(),this.load()}disconnectedCallback(){window.clearTimeout(this.timer),super.disconnectedCallback()}render(){return _`<p class="hint">${d(`改了分类，只影响之后读的文本。重新标注把已存的需求、能力和案例的场景再读一遍，在后台做；由人或导入指定的不动。`)}</p>
      ${this.startable?_`<div class="actions"><button type="button" @click=${this.start}>${d(`重新标注`)}</button></div>`:y}
      ${this.attempt.outcome()}
      ${this.newest.render(({round:e})=>e?this.round(e):k(d(`还没有重新标注过。`),d(`改了分类之后，点“重新标注”。`)))}`}async load(){var e;window.clearTimeout(this.timer),await this.newest.ask(async e=>({round:await w(`GET`,`/v1/taxonomy/retagging`,{signal:e})})),((e=this.newest.answer)==null||(e=e.round)==null?void 0:e.state)===`running`&&this.isConnected&&(this.timer=window.setTimeout(()=>void this.load(),Ho))}round(e){return _`<p role="status">${{running:d(`进行中`),done:d(`已完成`),superseded:d(`已被新版本取代`)}[e.state]??e.state}　${d(`{done} / {total} 条`,{done:e.n_done,total:e.n_total})}</p>
      ${xn(e.n_total?e.n_done/e.n_total:1)}
      <p class="hint">${d(`标签变了 {changed} 条，由人指定而不动 {kept} 条，改标后不属于任何场景的需求 {rejected} 条。`,{changed:e.n_changed,kept:e.n_kept,rejected:e.n_rejected})}</p>
      <p class="hint">${d(`所用分类：{version}；开始：{begun}；结束：{ended}`,{version:e.taxonomy,begun:M(e.begun_at),ended:M(e.ended_at)||d(`还没有`)})}</p>
      ${e.taxonomy===this.version||e.state!==`done`?y:_`<p class="hint">${d(`此后分类又改过，可以再做一次。`)}</p>`}`}async start(){await this.attempt.make(async()=>(await w(`POST`,`/v1/taxonomy/retagging`),await this.load(),d(`已开始重新标注。`)))}};P([x()],Uo.prototype,`version`,void 0),P([x({type:Boolean})],Uo.prototype,`startable`,void 0),Uo=P([b(`nm-retagging`)],Uo);var Wo=class extends N{constructor(...e){super(...e),this.fields=[],this.entry=null,this.attempt=new H(this)}render(){let{entry:e}=this;return _`<form novalidate autocomplete="off" @submit=${this.submitted}>
      ${e?_`<p class="hint">${d(`代码 {code} 不变；下面几项整个换上。`,{code:e.code})}</p>`:this.code()}
      ${this.line(`zh`,d(`中文名称`),e==null?void 0:e.zh)} ${this.line(`en`,d(`英文名称（可不填）`),e==null?void 0:e.en)}
      ${this.lines(`definition`,d(`定义`),3,e==null?void 0:e.definition,d(`要支撑什么决策，哪些算、哪些不算。`))}
      ${this.lines(`triggers`,d(`常见的说法，一行一个`),5,e==null?void 0:e.triggers.join(`
`),d(`需求方真会用的词；正文里出现时作为依据。`))}
      ${this.lines(`examples`,d(`例句，一行一句`),6,e==null?void 0:e.examples.join(`
`),d(`像真的需求那样写。说法和例句都不给，程序只能凭定义认，把握小得多。`))}
      <div class="actions"><button type="submit" class="primary">${d(e?`保存`:`新增`)}</button></div>
      ${this.attempt.refusal()}
    </form>`}code(){return _`<div class="row">
      <div class="field">
        <label for="scenario-field">${d(`大类`)}</label>
        <select id="scenario-field" name="field">
          ${this.fields.map(({code:e,zh:t})=>_`<option value=${e}>${t}${tn(e)}</option>`)}
        </select>
      </div>
      <div class="field">
        <label for="scenario-code">${d(`二级代码`)}</label>
        <input id="scenario-code" name="code" type="text" placeholder="SEP" aria-describedby="scenario-code-hint">
        <p class="hint" id="scenario-code-hint">${d(`2 至 12 个大写字母，定了不能改。`)}</p>
      </div>
    </div>`}line(e,t,n=``){return _`<div class="field"><label for="scenario-${e}">${t}</label>
      <input id="scenario-${e}" name=${e} type="text" .value=${n}></div>`}lines(e,t,n,r=``,i){return _`<div class="field"><label for="scenario-${e}">${t}</label>
      <textarea id="scenario-${e}" name=${e} rows=${n} .value=${r} aria-describedby="scenario-${e}-hint"></textarea>
      <p class="hint" id="scenario-${e}-hint">${i}</p></div>`}async submitted(e){var t;e.preventDefault();let n=new FormData(e.target),r=e=>String(n.get(e)??``).trim(),i=e=>r(e).split(`
`).map(e=>e.trim()).filter(Boolean),a={zh:r(`zh`),en:r(`en`),definition:r(`definition`),triggers:i(`triggers`),examples:i(`examples`)},o=((t=this.entry)==null?void 0:t.code)??`${r(`field`)}.${r(`code`).toUpperCase()}`;await this.attempt.make(async()=>(this.entry?await w(`PUT`,`/v1/taxonomy/scenarios/${o}`,{body:a}):await w(`POST`,`/v1/taxonomy/scenarios`,{body:{...a,code:o}}),this.tell(`nm-saved`,this.entry?d(`已修改 {code}。`,{code:o}):d(`已新增 {code}。`,{code:o})),``))}};P([x({attribute:!1})],Wo.prototype,`fields`,void 0),P([x({attribute:!1})],Wo.prototype,`entry`,void 0),Wo=P([b(`nm-scenario-form`)],Wo);function Go(e){try{let t=JSON.parse(e),n=(t==null?void 0:t.content)??t;return Array.isArray(n==null?void 0:n.level1)&&Array.isArray(n.level2)&&n.reject?n:null}catch{return null}}function Ko(e,t){let n=new Map(e.level2.map(e=>[e.code,e])),r=new Map(t.level2.map(e=>[e.code,e])),i=e=>!(!e||e.retired),a=Array.from(new Set([...n.keys(),...r.keys()])).sort();return{added:a.filter(e=>!i(n.get(e))&&i(r.get(e))),retired:a.filter(e=>i(n.get(e))&&!i(r.get(e))),changed:a.filter(e=>{let[t,a]=[n.get(e),r.get(e)];return i(t)&&i(a)&&qo(t)!==qo(a)})}}function qo({zh:e,en:t,definition:n,triggers:r,examples:i}){return JSON.stringify([e,t??``,n,r??[],i??[]])}var Jo=class extends N{constructor(...e){super(...e),this.changeable=!1,this.next=null,this.isUnreadable=!1,this.attempt=new H(this)}render(){return _`<p class="hint">${d(`导出的文件可以改好再导回；没有列出的代码记为停用，不会丢。`)}</p>
      <div class="actions"><a class="button" href="v1/taxonomy/export" download="taxonomy.json">${d(`导出全部（JSON）`)}</a></div>
      ${this.changeable?this.importing():y}
      <div role="status">${this.next?this.preview(Ko(this.content,this.next)):y}</div>
      <div role="alert">${this.isUnreadable?D(d(`读不出这个文件`),_`<p>${d(`请选用这里导出的 JSON 文件，含 level1、level2 和 reject。`)}</p>`):y}</div>
      ${this.attempt.refusal()}`}importing(){return _`<div class="field">
      <label for="taxonomy-file">${d(`导入（先预览，确认后才换上）`)}</label>
      <input id="taxonomy-file" type="file" accept="application/json,.json" @change=${this.chosen}>
    </div>`}preview(e){let{added:t,changed:n,retired:r}=e,i=[[d(`新增`),t],[d(`修改`),n],[d(`停用`),r]],a=i.every(([,e])=>!e.length);return _`<table class="rows">
        <caption class="unseen">${d(`导入会改变什么`)}</caption>
        <thead><tr><th scope="col">${d(`改动`)}</th><th scope="col">${d(`几个`)}</th><th scope="col">${d(`代码`)}</th></tr></thead>
        <tbody>${i.map(([e,t])=>_`<tr><th scope="row" data-name=${d(`改动`)}>${e}</th><td data-name=${d(`几个`)}>${t.length}</td>
            <td data-name=${d(`代码`)}>${t.join(d(`、`))||d(`没有`)}</td></tr>`)}</tbody>
      </table>
      ${a?_`<p class="hint">${d(`场景没有变化；大类和 OTH 的改动不在上面列出。`)}</p>`:y}
      <div class="actions">
        <button type="button" class="primary" @click=${this.take}>${d(`换上`)}</button>
        <button type="button" @click=${this.giveUp}>${d(`不换`)}</button>
      </div>`}async chosen(e){var t;let n=(t=e.target.files)==null?void 0:t[0];this.attempt.forget(),this.next=n?Go(await n.text()):null,this.isUnreadable=!!n&&!this.next}giveUp(){this.next=null,this.find(`#taxonomy-file`).value=``}async take(){let e={content:this.next};await this.attempt.make(async()=>(await w(`POST`,`/v1/taxonomy/import`,{body:e}),``))&&(this.giveUp(),this.tell(`nm-saved`,d(`已换上导入的分类。`)))}};P([x({attribute:!1})],Jo.prototype,`content`,void 0),P([x({type:Boolean})],Jo.prototype,`changeable`,void 0),P([S()],Jo.prototype,`next`,void 0),P([S()],Jo.prototype,`isUnreadable`,void 0),Jo=P([b(`nm-taxonomy-exchange`)],Jo);var Yo=class extends N{constructor(...e){super(...e),this.unfit=new j(this)}connectedCallback(){super.connectedCallback(),this.unfit.ask(e=>w(`GET`,`/v1/taxonomy/unfit`,{signal:e}))}render(){return _`<p class="hint">${d(`一组里确是同一类专利导航的事，才值得加一个代码；多数组会是年费、商标这类本来就不受理的。`)}</p>
      ${this.unfit.render(e=>this.report(e))}`}report(e){return _`<p>${d(`看过需求 {n} 条：不属于任何场景的 {rejected} 条，程序没有把握、也没有人确认的 {unsure} 条；其中 {alone} 条与别的没有共同用语。`,{n:e.n_demands,rejected:e.n_rejected,unsure:e.n_unsure,alone:e.n_alone})}</p>
      ${e.groups.length?e.groups.map(e=>this.group(e)):k(d(`没有成组的。`),d(`现有的代码够用；需求多了再来看。`))}`}group({words:e,n_demands:t,demands:n}){return _`<details>
      <summary>${d(`{n} 条：{words}`,{n:t,words:e.join(d(`、`))})}</summary>
      <ul class="points">${n.map(({id:e,title:t})=>_`<li><a href="#/demands/${e}">${t}</a></li>`)}</ul>
      ${t>n.length?_`<p class="hint">${d(`另有 {n} 条没有列出。`,{n:t-n.length})}</p>`:``}
    </details>`}};Yo=P([b(`nm-unfit`)],Yo);var Xo=class extends N{constructor(...e){super(...e),this.edited=null,this.isWithRetired=!1,this.whole=new j(this),this.attempt=new H(this),this.saved=async e=>{this.edited=null,await this.attempt.make(async()=>(await this.changed(),e.detail))}}connectedCallback(){super.connectedCallback(),this.load()}render(){return _`${this.attempt.outcome()}
      ${this.mayChange?y:D(d(`现在只能看`),_`<p>${d(`改动前先绑定身份验证器，再用验证码登录：`)}<a href="#/account">${d(`我的账号`)}</a></p>`)}
      ${this.whole.render(e=>this.sections(e))}`}get mayChange(){return T(this.context.session,`add_scenario`)}sections({exported:e,versions:t}){let{content:n,version:r}=e,{session:i}=this.context;return _`
      ${this.section(`scenarios`,d(`场景（现行版本 {version}）`,{version:r}),this.scenarios(e))}
      ${this.section(`unfit`,d(`不合任何场景的需求`),_`<nm-unfit></nm-unfit>`)}
      ${this.section(`retagging`,d(`重新标注`),_`<nm-retagging version=${r} ?startable=${T(i,`start_retagging`)}></nm-retagging>`)}
      ${this.section(`exchange`,d(`导出与导入`),_`<nm-taxonomy-exchange .content=${n} ?changeable=${this.mayChange} @nm-saved=${this.saved}></nm-taxonomy-exchange>`)}
      ${this.section(`versions`,d(`改动记录`),this.log(t))}
      <nm-drawer heading=${this.edited===`new`?d(`新增场景`):d(`修改场景`)} .open=${this.edited!==null}
        .content=${()=>this.form(n.level1)} @nm-close=${()=>this.edited=null}></nm-drawer>`}section(e,t,n){return _`<section class="panel" aria-labelledby="${e}-title"><h2 id="${e}-title">${t}</h2>${n}</section>`}async load(){await this.whole.ask(async e=>{let t=w(`GET`,`/v1/taxonomy/export`,{signal:e}),n=w(`GET`,`/v1/taxonomy/versions`,{signal:e});return{exported:await t,versions:await n}})}scenarios({content:e}){let t=e.level2.filter(({retired:e})=>this.isWithRetired||!e);return _`
      ${this.mayChange?_`<p class="panel-tools"><button type="button" class="primary" @click=${()=>this.edited=`new`}>${d(`新增场景`)}</button></p>`:y}
      <label class="check"><input type="checkbox" .checked=${this.isWithRetired} @change=${()=>this.isWithRetired=!this.isWithRetired}>${d(`连同已停用的`)}</label>
      ${e.level1.map(e=>this.field(e,t.filter(({parent:t})=>t===e.code)))}`}field(e,t){return _`<details class="fold">
      <summary>${Zo(e)}${tn(e.code)}　${d(`{n} 个`,{n:t.length})}</summary>
      ${t.length?this.table(e,t):k(d(`这一大类下没有场景。`),d(`点“新增场景”加一个。`))}
    </details>`}table(e,t){return _`<table class="rows">
      <caption class="unseen">${Zo(e)}</caption>
      <thead><tr>
        <th scope="col">${d(`名称`)}</th><th scope="col">${d(`定义`)}</th><th scope="col">${d(`说法和例句`)}</th><th scope="col">${d(`操作`)}</th>
      </tr></thead>
      <tbody>${t.map(e=>this.row(e))}</tbody>
    </table>`}row(e){let{code:t,definition:n,triggers:r,examples:i,retired:a}=e,o=Zo(e);return _`<tr>
      <th scope="row" data-name=${d(`名称`)}>${o} <span class="because"><code>${t}</code>
        ${a?_`<span class="state revoked">${d(`已停用`)}</span>`:y}</span></th>
      <td data-name=${d(`定义`)}>${n}</td>
      <td data-name=${d(`说法和例句`)} class="nowrap">${d(`说法 {n} 个，例句 {m} 句`,{n:r.length,m:i.length})}</td>
      <td data-name=${d(`操作`)}>${this.mayChange&&!a?_`<button type="button" class="link" @click=${()=>this.edited=e}>${d(`修改`)}<span class="unseen">${o}</span></button>
            <button type="button" class="link" @click=${()=>this.retire(e)}>${d(`停用`)}<span class="unseen">${o}</span></button>`:y}</td>
    </tr>`}log({items:e}){let{catalogue:t}=this.context;return e.length?_`<ul class="lines">${e.map(({number:e,act:n,code:r,made_by:i,made_at:a})=>_`<li>
        <span>${e}　${t.label(`TaxonomyAct`,n)}　${r??``}</span>
        <span class="hint">${i??``}　${M(a)}</span>
      </li>`)}</ul>`:k(d(`本安装还没有改动过。`),d(`用的是随软件附带的分类。`))}form(e){return _`<nm-scenario-form .fields=${e} .entry=${this.edited===`new`?null:this.edited} @nm-saved=${this.saved}></nm-scenario-form>`}async retire({code:e,zh:t}){let n=d(`停用后不再标给新的文本，也不能再选；已经标上的保留。确定停用“{name}”吗？`,{name:t});window.confirm(n)&&await this.attempt.make(async()=>(await w(`POST`,`/v1/taxonomy/scenarios/${e}/retire`),await this.changed(),d(`已停用 {code}。`,{code:e})))}async changed(){window.dispatchEvent(new Event(Ot)),await this.load()}};P([x({attribute:!1})],Xo.prototype,`context`,void 0),P([S()],Xo.prototype,`edited`,void 0),P([S()],Xo.prototype,`isWithRetired`,void 0),Xo=P([b(`nm-taxonomy`)],Xo);function Zo({zh:e,en:t}){return f()===`en`&&t||e}function Qo(e){let t={timeout:d(`对方没有及时答复`),certificate:d(`对方的证书不对`),name_unknown:d(`域名不存在`),unreachable:d(`连不上对方`),redirect:d(`对方要求重定向，请改填最终地址`),address_refused:d(`地址指向内部网络，没有许可`),revoked:d(`回调已停用`)},n=/^status_(\d{3})$/.exec(e);return n?d(`对方答复 {status}`,{status:n[1]}):t[e]??e}var $o=2e3,es={waiting:`draft`,done:`active`,dead:`revoked`},ts=class extends N{constructor(...e){super(...e),this.deliveries=new j(this),this.attempt=new H(this),this.timer=0}willUpdate(e){e.has(`webhook`)&&this.load()}disconnectedCallback(){window.clearTimeout(this.timer),super.disconnectedCallback()}render(){return _`<p class="hint">${this.webhook.name}　${this.webhook.url}</p>
      <p class="panel-tools"><button type="button" class="small" @click=${()=>this.load()}>${d(`刷新`)}</button></p>
      ${this.attempt.outcome()}
      ${this.deliveries.render(e=>e.length?this.table(e):k(d(`还没有发送过。`),d(`点“测试”发一个没有内容的请求，看能不能送到。`)))}`}async load(){var e;window.clearTimeout(this.timer);let t=`/v1/webhooks/${this.webhook.id}/deliveries`;await this.deliveries.ask(e=>w(`GET`,t,{signal:e})),(e=this.deliveries.answer)!=null&&e.some(({state:e,n_tries:t})=>e===`waiting`&&t===0)&&this.isConnected&&(this.timer=window.setTimeout(()=>void this.load(),$o))}table(e){return _`<table class="rows">
      <caption class="unseen">${d(`发送记录`)}</caption>
      <thead><tr>
        <th scope="col">${d(`时间`)}</th><th scope="col">${d(`进展`)}</th><th scope="col">${d(`试了几次`)}</th>
        <th scope="col">${d(`最近的错误`)}</th><th scope="col">${d(`下次再试`)}</th><th scope="col">${d(`操作`)}</th>
      </tr></thead>
      <tbody>${e.map(e=>this.row(e))}</tbody>
    </table>`}row(e){let{state:t,last_error:n}=e;return _`<tr>
      <th scope="row" data-name=${d(`时间`)} class="nowrap">${M(e.created_at)}</th>
      <td data-name=${d(`进展`)}><span class="state ${es[t]??``}">${this.catalogue.label(`DeliveryState`,t)}</span></td>
      <td data-name=${d(`试了几次`)}>${e.n_tries}</td>
      <td data-name=${d(`最近的错误`)}>${n?Qo(n):d(`没有`)}</td>
      <td data-name=${d(`下次再试`)} class="nowrap">${M(e.next_at)||d(`不再试`)}</td>
      <td data-name=${d(`操作`)}>${t===`dead`?_`<button type="button" class="link" @click=${()=>this.retry(e)}>${d(`从头再试`)}<span class="unseen">${M(e.created_at)}</span></button>`:y}</td>
    </tr>`}async retry(e){await this.attempt.make(async()=>(await w(`POST`,`/v1/deliveries/${e.id}/retry`),await this.load(),d(`将从头再试。`)))}};P([x({attribute:!1})],ts.prototype,`catalogue`,void 0),P([x({attribute:!1})],ts.prototype,`webhook`,void 0),ts=P([b(`nm-deliveries`)],ts);var ns=class extends N{constructor(...e){super(...e),this.isAdding=!1,this.secret=``,this.shown=null,this.webhooks=new j(this),this.attempt=new H(this),this.making=new H(this)}connectedCallback(){super.connectedCallback(),this.load()}render(){return _`<section class="panel" aria-label=${d(`回调`)}>
        <p class="panel-tools"><button type="button" class="primary" @click=${()=>this.isAdding=!0}>${d(`登记回调`)}</button></p>
        <p class="hint">${d(`有通知时，以签名的请求发到贵单位的业务系统；怎样核对签名，见文档“通知、回调、邮件和订阅”。`)}</p>
        ${this.attempt.outcome()}
        ${this.secret?rs(this.secret):``}
        ${this.webhooks.render(e=>e.length?this.table(e):is())}
      </section>
      <nm-drawer heading=${d(`登记回调`)} .open=${this.isAdding} .content=${()=>this.form()} @nm-close=${()=>this.isAdding=!1}></nm-drawer>
      <nm-drawer wide heading=${d(`发送记录`)} .open=${this.shown!==null} @nm-close=${()=>this.shown=null}
        .content=${()=>_`<nm-deliveries .catalogue=${this.context.catalogue} .webhook=${this.shown}></nm-deliveries>`}></nm-drawer>`}load(){return this.webhooks.ask(e=>w(`GET`,`/v1/webhooks`,{signal:e}))}table(e){return _`<table class="rows">
      <caption class="unseen">${d(`回调`)}</caption>
      <thead><tr>
        <th scope="col">${d(`名称`)}</th><th scope="col">${d(`地址`)}</th><th scope="col">${d(`通知哪些`)}</th>
        <th scope="col">${d(`登记时间`)}</th><th scope="col">${d(`操作`)}</th>
      </tr></thead>
      <tbody>${e.map(e=>this.row(e))}</tbody>
    </table>`}row(e){let t=e.kinds.map(e=>this.context.catalogue.label(`NotificationKind`,e));return _`<tr>
      <th scope="row" data-name=${d(`名称`)}>${e.name}</th>
      <td data-name=${d(`地址`)}>${e.url}</td>
      <td data-name=${d(`通知哪些`)}>${t.join(d(`、`))||d(`全部`)}</td>
      <td data-name=${d(`登记时间`)} class="nowrap">${M(e.created_at)}</td>
      <td data-name=${d(`操作`)}>
        <button type="button" class="link" @click=${()=>this.test(e)}>${d(`测试`)}<span class="unseen">${e.name}</span></button>
        <button type="button" class="link" @click=${()=>this.shown=e}>${d(`发送记录`)}<span class="unseen">${e.name}</span></button>
        <button type="button" class="link" @click=${()=>this.revoke(e)}>${d(`停用`)}<span class="unseen">${e.name}</span></button></td>
    </tr>`}form(){let e=this.context.catalogue.choices(`NotificationKind`);return _`<form novalidate autocomplete="off" @submit=${e=>this.add(e)}>
      <div class="field"><label for="webhook-name">${d(`名称`)}</label>
        <input id="webhook-name" name="name" type="text" placeholder=${d(`例如：园区业务系统`)}></div>
      <div class="field"><label for="webhook-url">${d(`地址`)}</label>
        <input id="webhook-url" name="url" type="text" inputmode="url" placeholder="https://hooks.example.org/navmatch" aria-describedby="webhook-url-hint">
        <p class="hint" id="webhook-url-hint">${d(`https，公网域名，端口 443 或 8443；内网地址要管理员先许可。`)}</p></div>
      <fieldset class="checks"><legend>${d(`通知哪些（都不选表示全部）`)}</legend>
        ${e.map(({code:e,name:t})=>_`<label class="check"><input type="checkbox" name="kinds" value=${e}>${t}</label>`)}
      </fieldset>
      <div class="actions"><button type="submit" class="primary">${d(`登记`)}</button></div>
      ${this.making.refusal()}
    </form>`}async add(e){e.preventDefault();let t=new FormData(e.target),n=e=>String(t.get(e)).trim(),r={name:n(`name`),url:n(`url`),kinds:t.getAll(`kinds`)};await this.making.make(async()=>(this.secret=(await w(`POST`,`/v1/webhooks`,{body:r})).secret,``))&&(this.isAdding=!1,await this.load())}async test(e){await this.attempt.make(async()=>(await w(`POST`,`/v1/webhooks/${e.id}/test`),this.shown=e,d(`已发出测试。`)))}async revoke(e){window.confirm(d(`停用后立即不再发送，包括还没有送达的，不能恢复。确定停用“{name}”吗？`,{name:e.name}))&&await this.attempt.make(async()=>(await w(`DELETE`,`/v1/webhooks/${e.id}`),this.secret=``,await this.load(),d(`已停用“{name}”。`,{name:e.name})))}};P([x({attribute:!1})],ns.prototype,`context`,void 0),P([S()],ns.prototype,`isAdding`,void 0),P([S()],ns.prototype,`secret`,void 0),P([S()],ns.prototype,`shown`,void 0),ns=P([b(`nm-webhooks`)],ns);function rs(e){return _`<nm-once heading=${d(`签名密钥只显示这一次，请立即保存`)} value=${e}
    hint=${d(`填进接收方，用来核对请求确实由本系统发出。`)}></nm-once>`}function is(){return k(d(`还没有回调。`),d(`业务系统要在有邀请、意向、答复时立即知道，就登记它的接收地址；只想看邮件，在“我的账号”里设置。`))}function as(){return[{name:`latest`,kind:`demands`,label:d(`最新需求`)},{name:`cases`,kind:`cases`,label:d(`案例`)},{name:`providers`,kind:`providers`,label:d(`推荐的服务机构`),about:{parameter:`demand`,label:d(`给哪条需求推荐（公开需求的编号）`),example:`dm_…`}},{name:`demands`,kind:`demands`,label:d(`推荐的需求`),about:{parameter:`provider`,label:d(`给哪家机构推荐（公开机构的编号）`),example:`pv_…`}}]}var Z=class extends N{constructor(...e){super(...e),this.isAdding=!1,this.problem=null,this.chosen=null,this.sort=null,this.said=``,this.framed=``,this.tokens=new U(this,`/v1/widget-tokens`),this.snippet=new j(this),this.add=async e=>{e.preventDefault();let t=new FormData(e.target),n=String(t.get(`origins`)).split(/\s+/),r={name:String(t.get(`name`)).trim(),origins:n.filter(Boolean),kinds:t.getAll(`kinds`)};await this.attempt(async()=>{await w(`POST`,`/v1/widget-tokens`,{body:r}),this.isAdding=!1})}}connectedCallback(){super.connectedCallback(),this.load()}render(){return _`<section class="panel" aria-label=${d(`网站嵌入`)}>
        <p class="panel-tools"><button type="button" class="primary" @click=${()=>this.isAdding=!0}>${d(`签发令牌`)}</button></p>
        <p class="hint">${d(`令牌写在网页里，是公开的：只能在列出的网站上使用，只看得到公开的内容。`)}</p>
        <div role="alert">${this.problem?O(this.problem):y}</div>
        ${this.tokens.render(e=>this.table(e),()=>k(d(`还没有嵌入令牌。`),d(`签发后得到一段代码，贴到门户网页里就能显示最新需求、案例或匹配结果。`)))}
      </section>
      <nm-drawer heading=${d(`签发令牌`)} .open=${this.isAdding} .content=${()=>this.form()} @nm-close=${()=>this.isAdding=!1}></nm-drawer>
      <nm-drawer wide heading=${d(`嵌入代码`)} .open=${this.chosen!==null} .content=${()=>this.embedding()}
        @nm-close=${()=>this.chosen=null}></nm-drawer>`}load(){return this.tokens.load()}table(e){let t=T(this.context.session,`read_widget_snippet`);return _`<table class="rows">
      <caption class="unseen">${d(`嵌入令牌`)}</caption>
      <thead><tr>
        <th scope="col">${d(`用途`)}</th><th scope="col">${d(`许可的网站`)}</th><th scope="col">${d(`显示什么`)}</th>
        <th scope="col">${d(`签发时间`)}</th><th scope="col">${d(`状态`)}</th><th scope="col">${d(`操作`)}</th>
      </tr></thead>
      <tbody>
        ${e.map(e=>_`<tr>
            <th scope="row" data-name=${d(`用途`)}>${e.name}</th>
            <td data-name=${d(`许可的网站`)}>${e.origins.join(d(`、`))}</td>
            <td data-name=${d(`显示什么`)}>${e.kinds.map(e=>this.context.catalogue.label(`WidgetKind`,e)).join(d(`、`))}</td>
            <td data-name=${d(`签发时间`)} class="nowrap">${M(e.created_at)}</td>
            <td data-name=${d(`状态`)}><span class="state ${e.revoked_at?`revoked`:`active`}">${e.revoked_at?d(`已撤销`):d(`有效`)}</span></td>
            <td data-name=${d(`操作`)}>${e.revoked_at?y:_`${t?_`<button type="button" class="link" @click=${()=>this.open(e)}>${d(`嵌入代码`)}<span class="unseen">${e.name}</span></button> `:y}
                  <button type="button" class="link" @click=${()=>this.revoke(e)}>${d(`撤销`)}<span class="unseen">${e.name}</span></button>`}</td>
          </tr>`)}
      </tbody>
    </table>`}form(){let e=this.context.catalogue.choices(`WidgetKind`);return _`<form novalidate @submit=${this.add}>
      <div class="field"><label for="token-name">${d(`用途`)}</label><input id="token-name" name="name" type="text"></div>
      <div class="field"><label for="token-origins">${d(`许可的网站，一行一个`)}</label>
        <textarea id="token-origins" name="origins" rows="3" placeholder="https://www.example.gov.cn" aria-describedby="token-hint"></textarea>
        <p class="hint" id="token-hint">${d(`写到域名和端口为止，不带路径。`)}</p></div>
      <fieldset class="checks"><legend>${d(`显示什么`)}</legend>
        ${e.map(({code:e,name:t})=>_`<label class="check"><input type="checkbox" name="kinds" value=${e} checked>${t}</label>`)}
      </fieldset>
      <div class="actions"><button type="submit" class="primary">${d(`签发`)}</button></div>
      <div role="alert">${this.problem?O(this.problem):y}</div>
    </form>`}open(e){this.chosen=e,this.pick(this.sortsOf(e)[0]??null)}sortsOf(e){return as().filter(({kind:t})=>e.kinds.includes(t))}pick(e){this.sort=e,this.said=``,this.snippet.forget(),e&&!e.about&&this.ask({kind:e.name})}async ask(e){let t=`/v1/widget-tokens/${this.chosen.id}/snippet`;this.framed=`v1/widget/frame${bt({...e,token:this.chosen.token})}`,await this.snippet.ask(n=>w(`GET`,t,{query:e,signal:n}))}embedding(){var e;let t=this.sortsOf(this.chosen);return _`<div class="field">
        <label for="snippet-sort">${d(`显示什么`)}</label>
        <select id="snippet-sort" @change=${e=>this.pick(t[e.target.selectedIndex])}>
          ${t.map(e=>{var t;return _`<option ?selected=${e.name===((t=this.sort)==null?void 0:t.name)}>${e.label}</option>`})}
        </select>
      </div>
      ${(e=this.sort)!=null&&e.about?this.record(this.sort):y}
      ${this.snippet.render(e=>this.code(e))}`}record({name:e,about:t}){let{parameter:n,label:r,example:i}=t;return _`<div class="field">
      <label for="snippet-about">${r}</label>
      <input id="snippet-about" type="text" placeholder=${i} aria-describedby="snippet-hint" @change=${t=>{let r=t.target.value.trim();r&&this.ask({kind:e,[n]:r})}}>
      <p class="hint" id="snippet-hint">${d(`填好编号，这里给出代码。`)}</p>
    </div>`}code(e){return _`<div class="embedding">
      <h3>${d(`预览`)}</h3>
      <p class="hint">${d(`网站上看到的就是这样；只有可见范围为“公开”的内容，没有就说没有；登记时不指定的是“平台内可见”。颜色、圆角可以由网站改。`)}</p>
      <iframe class="preview" title=${d(`预览：{label}`,{label:this.sort.label})} src=${this.framed}></iframe>
      <h3>${d(`网页组件`)}</h3>
      <p class="hint">${d(`贴到网页里要显示的位置。`)}</p>
      ${this.copied(e.html,d(`复制网页组件的代码`))}
      ${this.allowing(e.policy)}
      <h3>${d(`内嵌框架（网站不许可外来脚本时用）`)}</h3>
      ${this.copied(e.frame_html,d(`复制内嵌框架的代码`))}
      ${this.allowing(e.frame_policy)}
      <p class="hint">${d(`框架的高度固定；要随内容调整，再贴上这一段脚本：`)}</p>
      ${this.copied(e.autosize_html,d(`复制调整高度的脚本`))}
      <p role="status">${this.said}</p>
    </div>`}copied(e,t){return _`<pre class="secret" tabindex="0"><code>${e}</code></pre>
      <button type="button" class="small" @click=${()=>this.copy(e)}>${t}</button>`}allowing(e){return _`<p class="hint">${d(`网站设了内容安全策略（CSP）的，要许可：`)}</p>
      <ul class="points">${e.map(e=>_`<li><code>${e}</code></li>`)}</ul>`}async copy(e){this.said=await yi(e)}async revoke(e){window.confirm(d(`撤销后立即无效，不能恢复。确定撤销“{name}”吗？`,{name:e.name}))&&await this.attempt(()=>w(`DELETE`,`/v1/widget-tokens/${e.id}`))}async attempt(e){try{await e(),this.problem=null,await this.load()}catch(e){if(!(e instanceof C))throw e;this.problem=e}}};P([x({attribute:!1})],Z.prototype,`context`,void 0),P([S()],Z.prototype,`isAdding`,void 0),P([S()],Z.prototype,`problem`,void 0),P([S()],Z.prototype,`chosen`,void 0),P([S()],Z.prototype,`sort`,void 0),P([S()],Z.prototype,`said`,void 0),Z=P([b(`nm-widgets`)],Z);var os=()=>!0,Q=e=>t=>T(t,e),ss=[{path:`/start`,title:`开始`,group:`总览`,isFor:os,draw:e=>_`<nm-start .context=${e}></nm-start>`},{path:`/post`,title:`发布需求`,group:`需求`,isFor:Q(`create_demand`),draw:e=>_`<nm-post .context=${e}></nm-post>`},{path:`/mine`,title:`我的需求`,group:`需求`,isFor:Rt,draw:(e,t,n)=>_`<nm-demands own .context=${e} search=${n}></nm-demands>`},{path:`/demands`,title:`全部需求`,group:`需求`,isFor:Q(`list_demands`),draw:(e,t,n)=>_`<nm-demands .context=${e} search=${n}></nm-demands>`},{path:`/demands/:id`,title:`需求与匹配`,isFor:Q(`read_demand`),draw:(e,t)=>_`<nm-demand .context=${e} row=${t}></nm-demand>`},{path:`/recommended`,title:`推荐的需求`,group:`需求`,isFor:e=>Lt(e)&&T(e,`match_provider`),draw:e=>_`<nm-recommended .context=${e}></nm-recommended>`},{path:`/dealings`,title:`对接`,group:`对接`,isFor:Q(`list_interactions`),draw:e=>_`<nm-dealings .context=${e}></nm-dealings>`},{path:`/dealings/:id`,title:`对接`,isFor:Q(`list_interactions`),draw:(e,t)=>_`<nm-dealings .context=${e} row=${t}></nm-dealings>`},{path:`/notices`,title:`通知`,group:`对接`,isFor:Q(`list_notifications`),draw:e=>_`<nm-notices .context=${e}></nm-notices>`},{path:`/subscriptions`,title:`订阅`,group:`对接`,isFor:Q(`list_subscriptions`),draw:e=>_`<nm-subscriptions .context=${e}></nm-subscriptions>`},{path:`/subscriptions/:id`,title:`订阅`,isFor:Q(`list_subscriptions`),draw:(e,t)=>_`<nm-subscriptions .context=${e} row=${t}></nm-subscriptions>`},{path:`/figures`,title:`供需统计`,group:`总览`,isFor:e=>T(e,`read_gaps`)&&(E(e)||Rt(e)),draw:e=>_`<nm-figures .context=${e}></nm-figures>`},{path:`/cases`,title:`案例`,group:`总览`,isFor:Q(`list_cases`),draw:e=>_`<nm-cases .context=${e}></nm-cases>`},{path:`/imports`,title:`导入表格`,group:`表格`,isFor:Q(`start_import`),draw:e=>_`<nm-imports .context=${e}></nm-imports>`},{path:`/profile`,title:`机构与能力`,group:`本机构`,isFor:Lt,draw:e=>_`<nm-profile .context=${e}></nm-profile>`},{path:`/organisations`,title:`单位名录`,group:`管理`,isFor:e=>E(e)&&T(e,`list_organisations`),draw:e=>_`<nm-organisations .context=${e}></nm-organisations>`},{path:`/people`,title:`账号`,group:`管理`,isFor:Q(`list_people`),draw:e=>_`<nm-people .context=${e}></nm-people>`},{path:`/keys`,title:`接口密钥`,group:`管理`,isFor:Q(`list_keys`),draw:e=>_`<nm-keys .context=${e}></nm-keys>`},{path:`/widgets`,title:`网站嵌入`,group:`管理`,isFor:Q(`list_widget_tokens`),draw:e=>_`<nm-widgets .context=${e}></nm-widgets>`},{path:`/webhooks`,title:`回调`,group:`管理`,isFor:Q(`list_webhooks`),draw:e=>_`<nm-webhooks .context=${e}></nm-webhooks>`},{path:`/taxonomy`,title:`场景分类`,group:`管理`,isFor:Q(`list_taxonomy_versions`),draw:e=>_`<nm-taxonomy .context=${e}></nm-taxonomy>`},{path:`/audit`,title:`审计日志`,group:`管理`,isFor:Q(`list_audit`),draw:e=>_`<nm-audit .context=${e}></nm-audit>`},{path:`/account`,title:`我的账号`,isFor:os,draw:e=>_`<nm-account .context=${e}></nm-account>`}];function cs(e){return e.split(`?`)[0]}function ls(e){let t=cs(e);for(let n of ss){let r=RegExp(`^${n.path.replace(`:id`,`([a-z]{2}_\\w+)`)}$`).exec(t);if(r)return{route:n,id:r[1]??``,search:e.slice(t.length+1)}}return null}var us=class extends N{constructor(...e){super(...e),this.session=null,this.problem=null,this.asksCode=!1}firstUpdated(e){var t;(t=this.find(`input`))==null||t.focus()}render(){return this.session?this.firstPassword():this.entry()}entry(){return _`<section class="panel" id="sign-in" aria-labelledby="sign-in-title">
      <h1 id="sign-in-title">${d(`登录`)}</h1>
      <form novalidate @submit=${this.enter}>
        <div class="field">
          <label for="login">${d(`登录名`)}</label>
          <input id="login" type="text" autocomplete="username" autocapitalize="none" spellcheck="false" required>
        </div>
        <div class="field">
          <label for="password">${d(`密码`)}</label>
          <input id="password" type="password" autocomplete="current-password" required>
        </div>
        <div class="field" ?hidden=${!this.asksCode}>
          <label for="code">${d(`验证码`)}</label>
          <input id="code" type="text" inputmode="numeric" autocomplete="one-time-code" aria-describedby="code-hint">
          <p class="hint" id="code-hint">${d(`身份验证器现在显示的 6 位数字。`)}</p>
        </div>
        <div class="actions"><button type="submit" class="primary">${d(`登录`)}</button></div>
        <div id="sign-in-problem" role="alert">${this.problem?O(this.problem):y}</div>
        <p class="hint">${d(`还没有账号时，由管理方建立；第一个账号在服务器上用 navmatch people add 建立。试用演示数据时，账号和密码打印在启动服务的终端里。`)}</p>
      </form>
    </section>`}firstPassword(){return _`<section class="panel" id="first-password" aria-labelledby="first-password-title">
      <h1 id="first-password-title">${d(`修改初始密码`)}</h1>
      <form novalidate @submit=${this.change}>
        <div class="field">
          <label for="old-password">${d(`现在的密码`)}</label>
          <input id="old-password" type="password" autocomplete="current-password" required>
        </div>
        <nm-new-password hint=${d(`10 至 128 个字符，不能含有登录名。`)}></nm-new-password>
        <div class="actions"><button type="submit" class="primary">${d(`修改`)}</button></div>
        <div id="password-problem" role="alert">${this.problem?O(this.problem):y}</div>
      </form>
    </section>`}value(e){return this.find(`#${e}`).value}async enter(e){var t,n;e.preventDefault(),await this.attempt(async()=>{let e=await Ft(this.value(`login`).trim(),this.value(`password`),this.value(`code`).trim());this.find(`form`).reset(),this.tell(`nm-session`,e)}),((t=this.problem)==null?void 0:t.code)===`totp_required`&&(this.asksCode=!0,await this.updateComplete,(n=this.find(`#code`))==null||n.focus())}async change(e){e.preventDefault(),await this.attempt(async()=>{await w(`PUT`,`/v1/session/password`,{body:{old_password:this.value(`old-password`),new_password:this.value(`new-password`)}}),this.tell(`nm-session`,await Pt())})}async attempt(e){try{await e(),this.problem=null}catch(e){if(!(e instanceof C))throw e;this.problem=e}}};P([x({attribute:!1})],us.prototype,`session`,void 0),P([S()],us.prototype,`problem`,void 0),P([S()],us.prototype,`asksCode`,void 0),us=P([b(`nm-sign-in`)],us);var $=class extends N{constructor(...e){super(...e),this.session=null,this.catalogue=null,this.problem=null,this.isKnown=!1,this.isMenuOpen=!1,this.nUnread=null,this.address=window.location.hash.slice(1),this.lastSession=null}connectedCallback(){super.connectedCallback(),window.addEventListener(`hashchange`,()=>this.moved()),window.addEventListener(gt,()=>{this.session=null}),window.addEventListener(ro,e=>{this.nUnread=e.detail}),window.addEventListener(o,()=>this.name()),window.addEventListener(Ot,()=>void this.learn()),this.begin()}render(){return _`
      <a class="skip" href="#content" @click=${this.skip}>${d(`跳到正文`)}</a>
      ${this.bar()}
      ${this.gate()}
      ${this.catalogue?this.frame(this.catalogue):y}
    `}async begin(){this.problem=null;try{this.session||=await Pt(),this.mayWork&&!this.catalogue&&(this.catalogue=await kt.load())}catch(e){if(!(e instanceof C))throw e;this.problem=e}this.isKnown=!0,this.name(),this.count()}count(){this.mayWork&&T(this.session,`list_notifications`)&&ao()}async learn(){try{this.catalogue=await kt.load()}catch(e){if(!(e instanceof C))throw e}}get mayWork(){return!(!this.session||this.session.must_change_password)}bar(){var e;let t=f()===`en`?`zh-CN`:`en`;return _`<header class="bar">
      ${this.mayWork?_`<button type="button" class="menu-button" aria-expanded=${this.isMenuOpen?`true`:`false`}
            aria-controls="menu" @click=${()=>this.isMenuOpen=!this.isMenuOpen}>${d(`菜单`)}</button>`:y}
      <p class="brand">${d(`专利导航需求匹配`)}</p>
      ${(e=this.session)!=null&&e.has_demo_data?_`<p class="invented">${d(`载有演示数据：机构、需求和案例均为虚构。`)}</p>`:y}
      <div class="bar-tools">
        <button type="button" class="small plain" lang=${t} @click=${()=>m(t)}>
          ${t===`en`?`English`:`中文`}
        </button>
        ${this.session?this.person(this.session):y}
      </div>
    </header>`}person(e){let t=e.organisation_name?`　${e.organisation_name}`:``;return _`${this.waiting(e)}<a href="#/account" id="who">${e.name||e.login}${tn(d(e.role_label))}${t}</a>
      <button type="button" class="small" @click=${this.leave}>${d(`退出登录`)}</button>`}waiting(e){if(!T(e,`list_notifications`)||this.nUnread===null)return y;let t=this.nUnread?d(`通知，{n} 条未读`,{n:this.nUnread}):d(`通知，没有未读`),n=this.nUnread>99?`99+`:this.nUnread;return _`<a href="#/notices" id="waiting" aria-label=${t}>${d(`通知`)}${this.nUnread?_` <span class="badge">${n}</span>`:y}</a>`}gate(){return this.problem?_`<div class="gate panel">${O(this.problem,()=>void this.begin())}</div>`:this.isKnown?this.mayWork?y:_`<main class="gate" id="content" tabindex="-1">
      <nm-sign-in .session=${this.session} @nm-session=${this.entered}></nm-sign-in>
    </main>`:_`<p class="gate loading">${d(`正在载入……`)}</p>`}frame(e){let{session:t}=this;return _`<div class="frame" ?hidden=${!this.mayWork}>
      <nav id="menu" class=${this.isMenuOpen?`menu open`:`menu`} aria-label=${d(`主菜单`)}>
        ${t?this.menu(t):y}
      </nav>
      ${this.page(e)}
    </div>`}menu(e){let t=ss.filter(({group:t,isFor:n})=>t&&n(e));return[...Array.from(new Set(t.map(({group:e})=>e))).map(e=>_`<h2>${d(e)}</h2>
        <ul>${t.filter(t=>t.group===e).map(e=>this.entry(e))}</ul>`),_`<ul class="apart"><li><a href="docs" target="_blank" rel="noopener">${d(`接口文档`)}<span class="unseen">${d(`（在新页打开）`)}</span></a></li></ul>`]}entry(e){let t=cs(this.address),n=t===e.path||t.startsWith(`${e.path}/`);return _`<li><a href="#${e.path}" aria-current=${n?`page`:y}
      @click=${()=>this.isMenuOpen=!1}>${d(e.title)}</a></li>`}page(e){this.lastSession=this.session??this.lastSession;let t=ls(this.address),n=this.lastSession;if(!t||!t.route.isFor(n))return _`<main id="content" tabindex="-1" class="panel">
        <h1>${d(`没有这一页`)}</h1>
        <p>${d(`地址不对，或您的角色用不到这一页。`)}<a href="#/start">${d(`回到开始页`)}</a></p>
      </main>`;let r={session:n,catalogue:e};return _`<main id="content" tabindex="-1" @nm-session=${this.entered}>
      <h1>${d(t.route.title)}</h1>
      ${t.route.draw(r,t.id,t.search)}
    </main>`}async entered(e){this.session=e.detail,await this.begin()}async leave(){await It(),window.location.assign(window.location.pathname)}async moved(){var e;let t=window.location.hash.slice(1);if(!t.startsWith(`/`)&&t)return;let n=cs(t)===cs(this.address);this.address=t,this.isMenuOpen=!1,this.name(),this.count(),n||(await this.updateComplete,this.mayWork&&((e=this.find(`#content`))==null||e.focus()),window.scrollTo(0,0))}name(){var e;this.mayWork&&!this.address&&(this.address=`/start`);let t=this.mayWork?ls(this.address):null;t&&Kn(((e=this.session)==null?void 0:e.login)??``,t.route.path);let n=t?`${d(t.route.title)} - `:``;document.title=n+d(`专利导航需求匹配`)}skip(e){var t;e.preventDefault(),(t=this.find(`#content`))==null||t.focus()}};P([S()],$.prototype,`session`,void 0),P([S()],$.prototype,`catalogue`,void 0),P([S()],$.prototype,`problem`,void 0),P([S()],$.prototype,`isKnown`,void 0),P([S()],$.prototype,`isMenuOpen`,void 0),P([S()],$.prototype,`nUnread`,void 0),P([S()],$.prototype,`address`,void 0),$=P([b(`nm-app`)],$),p();